package dev.parlo.engine.onnx.capi;

import java.lang.foreign.MemorySegment;

/** Says to which device an address belongs. */
public final class MemoryInfo extends OrtHandle {
    private static final int DEVICE_ALLOCATOR = 0;
    private static final int DEFAULT_MEMORY = 0;

    private MemoryInfo(OrtApi api, MemorySegment address) {
        super(api, OrtFunction.RELEASE_MEMORY_INFO, address);
    }

    /** The process's memory. */
    public static MemoryInfo cpu(OrtApi api) {
        return new MemoryInfo(
                api,
                api.create(OrtFunction.CREATE_CPU_MEMORY_INFO, DEVICE_ALLOCATOR, DEFAULT_MEMORY));
    }

    /** A GPU's memory, as the driver counts them. */
    public static MemoryInfo cuda(OrtApi api, int device) {
        return new MemoryInfo(
                api,
                api.create(
                        OrtFunction.CREATE_MEMORY_INFO,
                        "Cuda",
                        DEVICE_ALLOCATOR,
                        device,
                        DEFAULT_MEMORY));
    }
}
