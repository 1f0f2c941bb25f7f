package dev.parlo.engine.whisper.window;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The windows that others give way to: those of requests that need only one, as far as is known,
 * from the moment at which one asks for the encoder until it is closed. Encoder and decoder share
 * the processor's cores, so each of them leaves off other windows' work while the other one works
 * on an urgent window, but not for ever. Thread-safe.
 */
final class Urgency {
    /** Turns of urgent windows that others wait for before they get one. */
    static final int PATIENCE = 8;

    private final AtomicInteger windows = new AtomicInteger();

    void begin() {
        windows.incrementAndGet();
    }

    void end() {
        windows.decrementAndGet();
    }

    boolean isFelt() {
        return windows.get() > 0;
    }
}
