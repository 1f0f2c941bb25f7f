package dev.parlo.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The process's ONNX Runtime environment, made so that making it cannot end the process.
 *
 * <p>ONNX Runtime 1.29 matches the whole command line against a regular expression when its
 * environment is made, and that matcher recurses for every character: a command line of some four
 * thousand characters, a few dozen files to transcribe, overflows the stack of an ordinary thread,
 * which the JVM does not survive. So the environment is made once, on a thread whose stack is large
 * enough for the command line there is.
 *
 * <p>Its releases for Linux and macOS also report usage to their maker, and keep an id of the
 * device in the user's cache folder for that, unless {@code ORT_DISABLE_TELEMETRY} is in the
 * environment of the process when it is loaded. What runs here must not be reported, so it is put
 * there. Thread-safe.
 */
public final class OnnxEnvironment {
    /** Measured are 264 bytes of stack for each character. */
    private static final long STACK_PER_CHARACTER = 1024;

    private static final long STACK_BESIDE = 16L << 20;

    /** Where the command line cannot be read; the longest that Linux accepts by default. */
    private static final long LONGEST_COMMAND_LINE = 2L << 20;

    private OnnxEnvironment() {}

    /** The environment; always the same one. */
    public static OrtEnvironment get() {
        return Holder.ENVIRONMENT;
    }

    /** The library with its version, as engines report it. */
    public static String label() {
        return Label.TEXT;
    }

    private static final class Label {
        static final String TEXT = make();

        private static String make() {
            String built = get().getVersion(); // loads the library
            return "ONNX Runtime " + NativeVersion.read().orElse(built);
        }
    }

    private static final class Holder {
        static final OrtEnvironment ENVIRONMENT = make();

        private static OrtEnvironment make() {
            return withRoomForTheCommandLine();
        }
    }

    /** Starts ONNX Runtime on a thread with enough stack, and without telemetry. */
    private static OrtEnvironment withRoomForTheCommandLine() {
        Telemetry.disable();
        long stack = STACK_BESIDE + STACK_PER_CHARACTER * commandLineLength();
        FutureTask<OrtEnvironment> making = new FutureTask<>(OnnxEnvironment::open);
        // Stack that is not touched takes addresses, not memory.
        new Thread(null, making, "onnx-environment", stack).start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return making.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("ONNX Runtime cannot be started: " + e.getCause(), e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Not a method of the holder, whose initialiser is waited for while this runs. */
    private static OrtEnvironment open() throws OrtException {
        // Of its sessions, too. ONNX Runtime writes past the log, in lines that are no JSON: what
        // fails is an exception as well, and its warnings are of unused constants that exporters
        // leave behind, or of a machine without a GPU.
        OrtEnvironment environment =
                OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "parlo");
        environment.setTelemetry(false);
        return environment;
    }

    private static long commandLineLength() {
        try {
            return Files.readAllBytes(Path.of("/proc/self/cmdline")).length;
        } catch (IOException e) {
            return LONGEST_COMMAND_LINE;
        }
    }
}
