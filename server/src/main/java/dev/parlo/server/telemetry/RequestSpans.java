package dev.parlo.server.telemetry;

import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.admission.Priority;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What engines do for one request, as spans below its own. They are made when a part is over, with
 * the time at which it began: a part that never ends leaves nothing open. Thread-safe.
 */
final class RequestSpans implements EngineObserver {
    /** Of one request; a day of audio has no more windows, and a collector should not drown. */
    private static final int MOST = 5000;

    private final Tracer tracer;
    private final Context parent;
    private final AtomicInteger count = new AtomicInteger();

    RequestSpans(Tracer tracer, Context parent) {
        this.tracer = tracer;
        this.parent = parent;
    }

    @Override
    public void started(Priority priority, Duration waited) {
        Instant now = Instant.now();
        if (isRoom()) {
            begin("queue", parent, now.minus(waited))
                    .setAttribute("parlo.priority", priority.name().toLowerCase(Locale.ROOT))
                    .startSpan()
                    .end(now);
        }
    }

    @Override
    public void window(Window window) {
        Instant now = Instant.now();
        if (!isRoom()) {
            return;
        }
        Instant began = now.minus(window.took());
        Span whole =
                begin("window", parent, began)
                        .setAttribute("parlo.window.start_seconds", window.startSeconds())
                        .setAttribute("parlo.window.audio_seconds", window.audioSeconds())
                        .startSpan();
        if (window.encoding().isPositive()) {
            Context inside = parent.with(whole);
            Instant encoded = began.plus(window.encoding());
            begin("encode", inside, began).startSpan().end(encoded);
            begin("decode", inside, encoded)
                    .setAttribute("parlo.decode.attempts", window.attempts())
                    .setAttribute("parlo.decode.tokens", window.tokens())
                    .startSpan()
                    .end(encoded.plus(window.decoding()));
        }
        whole.end(now);
    }

    @Override
    public void chunk(double audioSeconds, Duration took) {
        Instant now = Instant.now();
        if (isRoom()) {
            begin("speech chunk", parent, now.minus(took))
                    .setAttribute("parlo.chunk.audio_seconds", audioSeconds)
                    .startSpan()
                    .end(now);
        }
    }

    @Override
    public void stage(Stage stage, Duration elapsed, Duration busy) {
        Instant now = Instant.now();
        if (isRoom()) {
            begin(name(stage), parent, now.minus(elapsed))
                    .setAttribute("parlo.busy_seconds", busy.toNanos() / 1e9)
                    .startSpan()
                    .end(now);
        }
    }

    private static String name(Stage stage) {
        return switch (stage) {
            case MODEL_LOAD -> "load model";
            case AUDIO_DECODE -> "decode audio";
            case VOICE_ACTIVITY -> "detect speech";
            case SPEAKERS -> "tell speakers";
        };
    }

    private boolean isRoom() {
        return count.incrementAndGet() <= MOST;
    }

    private SpanBuilder begin(String name, Context below, Instant start) {
        return tracer.spanBuilder(name).setParent(below).setStartTimestamp(start);
    }
}
