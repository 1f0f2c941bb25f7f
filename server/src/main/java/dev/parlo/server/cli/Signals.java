package dev.parlo.server.cli;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;

/**
 * Runs something on SIGTERM and SIGINT in place of the JVM's own end. A shutdown hook would come
 * too late: all hooks run at once, and ONNX Runtime has one that frees its environment, under
 * requests that are still computed. The JVM itself has no other API for signals.
 */
final class Signals {
    /** Exit status of a program that was interrupted. */
    static final int INTERRUPTED = 130;

    /** For a step that computes and a file that is not complete. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private Signals() {}

    /** A second signal ends the process at once. */
    static void onStop(Runnable stop) {
        AtomicBoolean stopping = new AtomicBoolean();
        for (String name : new String[] {"TERM", "INT"}) {
            Signal.handle(
                    new Signal(name),
                    signal -> {
                        if (stopping.getAndSet(true)) {
                            Runtime.getRuntime().halt(INTERRUPTED);
                        }
                        stop.run();
                    });
        }
    }

    /**
     * The same for a command: it ends in order where it can, and after a moment where it cannot, as
     * while it waits for its input or for a reader of its output.
     */
    static void onInterrupt(Runnable stop) {
        onStop(() -> {
            stop.run();
            Thread.ofPlatform()
                    .name("halt")
                    .daemon()
                    .start(() -> {
                        try {
                            Thread.sleep(PATIENCE);
                        } catch (InterruptedException early) {
                            Thread.currentThread().interrupt();
                        }
                        Runtime.getRuntime().halt(INTERRUPTED);
                    });
        });
    }
}
