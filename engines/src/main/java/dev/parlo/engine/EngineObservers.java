package dev.parlo.engine;

import dev.parlo.engine.admission.Priority;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Passes on to several what an engine does. Thread-safe as they are. */
record EngineObservers(List<EngineObserver> observers) implements EngineObserver {
    @Override
    public void queued(Priority priority, int waiting) {
        observers.forEach(observer -> observer.queued(priority, waiting));
    }

    @Override
    public void started(Priority priority, Duration waited) {
        observers.forEach(observer -> observer.started(priority, waited));
    }

    @Override
    public void window(Window window) {
        observers.forEach(observer -> observer.window(window));
    }

    @Override
    public void stage(Stage stage, Duration elapsed, Duration busy) {
        observers.forEach(observer -> observer.stage(stage, elapsed, busy));
    }

    @Override
    public void step(int rows, Duration took) {
        observers.forEach(observer -> observer.step(rows, took));
    }

    @Override
    public void segment(Segment segment) {
        observers.forEach(observer -> observer.segment(segment));
    }

    @Override
    public void chunk(double audioSeconds, Duration took) {
        observers.forEach(observer -> observer.chunk(audioSeconds, took));
    }

    @Override
    public void finished(
            EngineException.@Nullable Category failure, double audioSeconds, Duration took) {
        observers.forEach(observer -> observer.finished(failure, audioSeconds, took));
    }

    @Override
    public void refused(Priority priority, int places) {
        observers.forEach(observer -> observer.refused(priority, places));
    }
}
