package dev.parlo.engine.vad;

import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.engine.steps.StepLane;

/**
 * A detector whose runs are told, so that one which never ends is noticed. None is asked to end: it
 * takes a tenth of a millisecond. It is lent to threads that are not its engine's: closing it waits
 * for the runs that are under way, since they use what it frees.
 */
final class WatchedDetector implements VoiceActivityDetector {
    private final VoiceActivityDetector detector;
    private final NativeSteps steps;
    private int running;
    private boolean closed;

    WatchedDetector(VoiceActivityDetector detector, NativeSteps steps) {
        this.detector = detector;
        this.steps = steps;
    }

    @Override
    public Pass open() {
        return new WatchedPass(detector.open(), steps.lane("voice activity", () -> {}));
    }

    @Override
    public EngineFacts facts() {
        return detector.facts();
    }

    private synchronized void begin() {
        if (closed) {
            // Of an engine in use only one that was given up is closed.
            throw NativeSteps.failure();
        }
        running++;
    }

    private synchronized void end() {
        running--;
        notifyAll();
    }

    @Override
    public void close() {
        awaitEnd();
        detector.close();
    }

    private synchronized void awaitEnd() {
        closed = true;
        boolean interrupted = false;
        while (running > 0) {
            try {
                wait();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class WatchedPass implements Pass {
        private final Pass pass;
        private final StepLane lane;

        WatchedPass(Pass pass, StepLane lane) {
            this.pass = pass;
            this.lane = lane;
        }

        @Override
        public float[] probabilities(float[] samples, int windows) {
            begin();
            try {
                return lane.run(() -> pass.probabilities(samples, windows));
            } finally {
                end();
            }
        }

        @Override
        public void close() {
            lane.close();
            pass.close(); // holds nothing native: also while a run of it was left behind
        }
    }
}
