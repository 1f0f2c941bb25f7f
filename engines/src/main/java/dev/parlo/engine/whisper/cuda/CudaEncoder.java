package dev.parlo.engine.whisper.cuda;

import dev.parlo.engine.cuda.CudaException;
import dev.parlo.engine.cuda.Gpu;
import dev.parlo.engine.cuda.GpuStream;
import dev.parlo.engine.onnx.capi.ElementType;
import dev.parlo.engine.onnx.capi.IoBinding;
import dev.parlo.engine.onnx.capi.OrtStatusException;
import dev.parlo.engine.onnx.capi.RunOptions;
import dev.parlo.engine.onnx.capi.Tensor;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.graph.GraphNames;
import dev.parlo.engine.whisper.network.Resources;
import dev.parlo.engine.whisper.network.WindowEncoder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The encoder in a stream of its own, so that it computes beside the decoder's steps. It writes
 * into the slot itself: nothing is copied.
 */
final class CudaEncoder implements WindowEncoder, AutoCloseable {
    /** Beyond it a run only takes longer: the matrices are as large as the kernels like them. */
    private static final int MOST = 8;

    private final Gpu gpu;
    private final int most;
    private final WhisperShape shape;
    private final CrossSlots cross;
    private final Resources resources = new Resources();
    private final GpuStream stream;
    private final DeviceGraph graph;
    private final IoBlock mel;
    private final RunOptions options;

    CudaEncoder(CudaNetwork network, CrossSlots cross, int slots) {
        this.gpu = network.gpu();
        this.shape = network.shape();
        this.cross = cross;
        this.most = Math.min(MOST, slots);
        try {
            stream = gpu.openStream();
            resources.add(stream, stream::close);
            graph = new DeviceGraph(network, network.model().encoder(), stream, false);
            resources.add(graph, graph::close);
            mel = new IoBlock(gpu, most * windowBytes());
            resources.add(mel, mel::close);
            options = gpu.eager();
            resources.add(options, options::close);
        } catch (RuntimeException | Error e) {
            resources.close();
            throw e;
        }
    }

    private int values() {
        return melBands() * WhisperShape.WINDOW_FRAMES;
    }

    private long windowBytes() {
        return (long) values() * Float.BYTES;
    }

    @Override
    public int melBands() {
        return shape.melBands();
    }

    @Override
    public int together(int waiting, boolean urgent) {
        return Math.min(waiting, most);
    }

    @Override
    public void encode(float[] window, int slot) {
        encode(List.of(window), slot);
    }

    @Override
    public void encode(List<float[]> windows, int firstSlot) {
        gpu.recording().readLock().lock();
        try (Resources used = new Resources()) {
            stream.enter();
            for (int i = 0; i < windows.size(); i++) {
                put(windows.get(i), i);
            }
            mel.upload(stream, 0, windows.size() * windowBytes());
            graph.run(binding(firstSlot, windows.size(), used), options);
            stream.synchronize();
        } catch (OrtStatusException | CudaException e) {
            throw gpu.failure("The encoder", e);
        } finally {
            gpu.recording().readLock().unlock();
        }
    }

    private void put(float[] window, int i) {
        if (window.length != values()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "a window has %d × %d values; %d were given",
                            melBands(),
                            WhisperShape.WINDOW_FRAMES,
                            window.length));
        }
        MemorySegment to = mel.host(i * windowBytes(), windowBytes());
        MemorySegment.copy(window, 0, to, ValueLayout.JAVA_FLOAT, 0, window.length);
    }

    private IoBinding binding(int firstSlot, int count, Resources used) {
        IoBinding binding = graph.bind();
        used.add(binding, binding::close);
        Tensor input =
                mel.tensor(0, ElementType.FLOAT, count, melBands(), WhisperShape.WINDOW_FRAMES);
        binding.input(GraphNames.MEL, used.add(input, input::close));
        for (int i = 0; i < shape.decoderLayers(); i++) {
            Tensor keys = cross.keys(i, firstSlot, count);
            binding.output(GraphNames.crossKeys(i), used.add(keys, keys::close));
            Tensor values = cross.values(i, firstSlot, count);
            binding.output(GraphNames.crossValues(i), used.add(values, values::close));
        }
        return binding;
    }

    /** As {@link DeviceGraph#nodes}. */
    Map<String, Integer> nodes() {
        return graph.nodes();
    }

    @Override
    public void close() {
        resources.close();
    }
}
