package dev.parlo.server.http;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that bodies and messages of clients, and answers that are kept until they are whole, may
 * take in memory, all of them together. Limits of a single request do not bound their sum: many
 * clients can each hold one back unfinished. Thread-safe.
 */
public final class MemoryBudget {
    private static final char LAST_OF_LATIN = '\u00ff';

    private final long limit;
    private final AtomicLong held = new AtomicLong();

    /**
     * @param limit in bytes
     */
    public MemoryBudget(long limit) {
        this.limit = limit;
    }

    /** Bytes taken at the moment. */
    public long held() {
        return held.get();
    }

    /** What the JVM takes for a text: a byte a character as long as all of them are Latin-1. */
    public static long bytes(String text) {
        return isLatin(text) ? text.length() : 2L * text.length();
    }

    /** Whether one byte holds each of a text's characters. */
    static boolean isLatin(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > LAST_OF_LATIN) {
                return false;
            }
        }
        return true;
    }

    /** A share for one body or message; empty at first. */
    public Share open() {
        return new Share();
    }

    /** What one body or message has taken. Thread-safe; closing gives everything back. */
    public final class Share implements AutoCloseable {
        private long taken;
        private boolean closed;

        private Share() {}

        /**
         * Takes more.
         *
         * @throws ApiError 503 while others hold too much, 413 for what would never fit
         */
        public synchronized void take(long bytes) {
            if (closed) {
                return;
            }
            if (taken + bytes > limit) {
                throw ApiError.of(
                        413,
                        String.format(
                                Locale.ROOT,
                                "The request needs more memory than MAX_HELD_BYTES allows for all"
                                        + " requests together (%d bytes).",
                                limit),
                        "too_large");
            }
            if (held.addAndGet(bytes) > limit) {
                held.addAndGet(-bytes);
                throw ApiError.of(
                                503,
                                String.format(
                                        Locale.ROOT,
                                        "Requests that are not finished hold as much memory as"
                                                + " MAX_HELD_BYTES allows (%d bytes). Try again"
                                                + " shortly.",
                                        limit),
                                "memory_full")
                        .withHeader("Retry-After", ApiError.SHORTLY);
            }
            taken += bytes;
        }

        /** Gives a part back. */
        public synchronized void giveBack(long bytes) {
            if (!closed) {
                held.addAndGet(-bytes);
                taken -= bytes;
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
            held.addAndGet(-taken);
            taken = 0;
        }
    }
}
