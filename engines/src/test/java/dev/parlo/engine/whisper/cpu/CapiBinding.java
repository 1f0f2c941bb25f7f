package dev.parlo.engine.whisper.cpu;

import dev.parlo.engine.onnx.capi.ElementType;
import dev.parlo.engine.onnx.capi.IoBinding;
import dev.parlo.engine.onnx.capi.MemoryInfo;
import dev.parlo.engine.onnx.capi.RunOptions;
import dev.parlo.engine.onnx.capi.Session;
import dev.parlo.engine.onnx.capi.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** A run's tensors, which end with it. */
final class CapiBinding implements AutoCloseable {
    final Arena arena = Arena.ofConfined();
    private final List<Tensor> tensors = new ArrayList<>();
    final IoBinding binding;
    private final MemoryInfo memory;
    private final RunOptions options;
    private final Session session;

    CapiBinding(MemoryInfo memory, RunOptions options, Session session) {
        this.memory = memory;
        this.options = options;
        this.session = session;
        this.binding = new IoBinding(session);
    }

    Tensor over(MemorySegment values, ElementType type, long... dims) {
        Tensor tensor = Tensor.over(memory, values.address(), type, dims);
        tensors.add(tensor);
        return tensor;
    }

    void floats(String name, float[] values, long... dims) {
        MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
        binding.input(name, over(segment, ElementType.FLOAT, dims));
    }

    void ints(String name, int... values) {
        MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_INT, values);
        binding.input(name, over(segment, ElementType.INT32, values.length));
    }

    void longs(String name, long... values) {
        table(name, values, values.length);
    }

    void table(String name, long[] values, long... dims) {
        MemorySegment segment = arena.allocate(Math.max(8L, values.length * 8L), 8);
        MemorySegment.copy(values, 0, segment, ValueLayout.JAVA_LONG, 0, values.length);
        binding.input(name, over(segment, ElementType.INT64, dims));
    }

    MemorySegment output(String name, ElementType type, long... dims) {
        long bytes = type.bytes();
        for (long dim : dims) {
            bytes *= dim;
        }
        MemorySegment segment = arena.allocate(bytes, 8);
        binding.output(name, over(segment, type, dims));
        return segment;
    }

    void run() {
        session.run(binding, options);
    }

    @Override
    public void close() {
        binding.close();
        tensors.forEach(Tensor::close);
        arena.close();
    }
}
