package dev.parlo.engine.onnx.capi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Memory of somebody else as a tensor; nothing is copied. The memory must outlive the tensor and
 * every binding that has it.
 */
public final class Tensor extends OrtHandle {
    private Tensor(OrtApi api, MemorySegment address) {
        super(api, OrtFunction.RELEASE_VALUE, address);
    }

    /**
     * @param memory the device that {@code address} belongs to
     * @param address of the first element, on that device
     * @param shape in elements; none for a scalar
     */
    public static Tensor over(MemoryInfo memory, long address, ElementType type, long... shape) {
        long bytes = type.bytes();
        for (long dimension : shape) {
            bytes = Math.multiplyExact(bytes, dimension);
        }
        OrtApi api = memory.api();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment dimensions = arena.allocateFrom(ValueLayout.JAVA_LONG, shape);
            return new Tensor(
                    api,
                    api.create(
                            OrtFunction.CREATE_TENSOR_WITH_DATA_AS_ORT_VALUE,
                            memory.address(),
                            MemorySegment.ofAddress(address),
                            bytes,
                            dimensions,
                            (long) shape.length,
                            type.id()));
        }
    }
}
