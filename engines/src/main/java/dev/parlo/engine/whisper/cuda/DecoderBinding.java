package dev.parlo.engine.whisper.cuda;

import dev.parlo.engine.cuda.Gpu;
import dev.parlo.engine.onnx.capi.ElementType;
import dev.parlo.engine.onnx.capi.IoBinding;
import dev.parlo.engine.onnx.capi.Tensor;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.graph.GraphNames;
import dev.parlo.engine.whisper.network.Resources;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a run of the decoder is bound to whatever it reads out: weights, caches, audio and shapes.
 * Nothing of it is ever bound anew, because a recorded run keeps the addresses.
 */
final class DecoderBinding implements AutoCloseable {
    private final Gpu gpu;
    private final Arena shapes = Arena.ofShared();
    private final Resources resources = new Resources();
    private final IoBinding binding;

    /**
     * @param longest tokens of the longest row after the run, or the most that a row can hold
     */
    DecoderBinding(
            CudaNetwork network,
            DeviceGraph graph,
            CrossSlots cross,
            RowPool pool,
            StepShape shape,
            int longest) {
        this.gpu = network.gpu();
        resources.add(shapes, shapes::close);
        try {
            binding = graph.bind();
            resources.add(binding, binding::close);
            WhisperShape whisper = network.shape();
            for (int i = 0; i < whisper.decoderLayers(); i++) {
                // The same tensor as past and present: the caches are extended in place.
                cache(
                        GraphNames.pastKeys(i),
                        GraphNames.presentKeys(i),
                        pool.keys(i, shape.firstRow(), shape.rows()));
                cache(
                        GraphNames.pastValues(i),
                        GraphNames.presentValues(i),
                        pool.values(i, shape.firstRow(), shape.rows()));
                input(GraphNames.crossKeys(i), cross.keys(i, shape.firstSlot(), shape.slots()));
                input(GraphNames.crossValues(i), cross.values(i, shape.firstSlot(), shape.slots()));
            }
            int d = whisper.width();
            longs(GraphNames.SELF_SHAPE, shape.rows(), shape.tokensPerRow(), 3L * d);
            longs(GraphNames.CROSS_SHAPE, shape.slots(), shape.queriesPerSlot(), d);
            if (graph.reads(GraphNames.LONGEST)) {
                MemorySegment number = shapes.allocateFrom(ValueLayout.JAVA_INT, longest);
                input(
                        GraphNames.LONGEST,
                        Tensor.over(gpu.processMemory(), number.address(), ElementType.INT32, 1));
            }
            if (graph.reads(GraphNames.MASK_SHAPE)) {
                longs(GraphNames.MASK_SHAPE, shape.rows(), 1, shape.tokensPerRow(), 1);
            }
        } catch (RuntimeException | Error e) {
            resources.close();
            throw e;
        }
    }

    private void cache(String past, String present, Tensor tensor) {
        input(past, tensor);
        binding.output(present, tensor);
    }

    /** Takes the tensor over. */
    void input(String name, Tensor tensor) {
        binding.input(name, resources.add(tensor, tensor::close));
    }

    /** Takes the tensor over. */
    void output(String name, Tensor tensor) {
        binding.output(name, resources.add(tensor, tensor::close));
    }

    /** Numbers that the graph reads on the processor. */
    void longs(String name, long... values) {
        MemorySegment memory = shapes.allocateFrom(ValueLayout.JAVA_LONG, values);
        input(
                name,
                Tensor.over(
                        gpu.processMemory(), memory.address(), ElementType.INT64, values.length));
    }

    IoBinding binding() {
        return binding;
    }

    @Override
    public void close() {
        resources.close();
    }
}
