package dev.parlo.engine.onnx.capi;

/** A call of ONNX Runtime that failed, with its own words. */
public final class OrtStatusException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int code;

    OrtStatusException(String function, int code, String message) {
        super(function + ": " + message);
        this.code = code;
    }

    /** As {@code OrtErrorCode} numbers them; 1 is any other failure. */
    public int code() {
        return code;
    }
}
