package dev.parlo.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

/** What the failures of ONNX Runtime mean, and how one of its runs is made to fail. */
public final class OnnxFailure {
    private OnnxFailure() {}

    /** The runtime's words without folders, of this machine or of the one it was built on. */
    public static String words(Exception failure) {
        return String.valueOf(failure.getMessage())
                .lines()
                .findFirst()
                .orElse("")
                .replaceAll("(?:/[\\w.+@~-]{1,255}){1,64}/", "");
    }

    /** Whether there was no memory for a run. */
    public static boolean outOfMemory(Exception failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("Failed to allocate")
                || message.contains("bad_alloc")
                || message.contains("out of memory"); // of a GPU
    }

    /** Has a run stop at its next operator. */
    public static void terminate(OrtSession.RunOptions run) {
        try {
            run.setTerminate(true);
        } catch (OrtException failure) {
            throw new IllegalStateException("ONNX Runtime takes no cancellation", failure);
        }
    }
}
