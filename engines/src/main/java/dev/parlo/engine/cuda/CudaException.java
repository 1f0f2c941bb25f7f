package dev.parlo.engine.cuda;

/** A call of the CUDA driver that failed. */
public final class CudaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** {@code CUDA_ERROR_OUT_OF_MEMORY}. */
    public static final int OUT_OF_MEMORY = 2;

    private final int code;

    /**
     * @param function of the driver
     * @param code as {@code CUresult} numbers them
     * @param name of the code, such as {@code CUDA_ERROR_OUT_OF_MEMORY}
     */
    public CudaException(String function, int code, String name) {
        super(function + ": " + name + " (" + code + ")");
        this.code = code;
    }

    public int code() {
        return code;
    }
}
