package dev.parlo.engine.onnx;

/** What ONNX Runtime says when it fails. */
public final class OnnxFailure {
    private OnnxFailure() {}

    /** Its words without folders, of this machine or of the one it was built on. */
    public static String words(Exception failure) {
        return String.valueOf(failure.getMessage())
                .lines()
                .findFirst()
                .orElse("")
                .replaceAll("(?:/[\\w.+@~-]{1,255}){1,64}/", "");
    }
}
