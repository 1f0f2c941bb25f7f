package dev.parlo.engine.whisper.cpu;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.graph.GraphNames;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.WindowEncoder;
import java.lang.foreign.Arena;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Caches in native memory, with the sessions that work on them. */
final class CpuDecodeArena implements DecodeArena, WindowEncoder {
    private final CpuNetwork network;
    private final CrossCache cross;
    private final RowCaches rows;
    private final CpuDecoderStep step;
    private final Arena memory = Arena.ofShared();
    private final FloatBuffer mel;
    private boolean closed;

    CpuDecodeArena(CpuNetwork network, int slots) {
        this.network = network;
        WhisperShape shape = network.shape();
        this.mel = Buffers.floats(memory, shape.melBands() * WhisperShape.WINDOW_FRAMES);
        this.rows = new RowCaches(network.environment(), shape, slots);
        CrossCache opened = null;
        try {
            opened = new CrossCache(network.environment(), shape, slots);
            this.cross = opened;
            this.step = new CpuDecoderStep(network, opened, rows, slots);
        } catch (OrtException | RuntimeException | Error e) {
            if (opened != null) {
                opened.close();
            }
            memory.close();
            switch (e) {
                case OrtException failure -> throw failed("Memory to decode in", failure);
                case RuntimeException failure -> throw failure;
                default -> throw (Error) e;
            }
        }
    }

    @Override
    public WindowEncoder encoder() {
        return this;
    }

    @Override
    public DecoderStep step() {
        return step;
    }

    @Override
    public long bytes() {
        return cross.bytes() + rows.bytes();
    }

    @Override
    public void trim() {
        cross.trim();
        rows.trim();
    }

    @Override
    public int melBands() {
        return network.shape().melBands();
    }

    @Override
    public void encode(float[] window, int slot) {
        int positions = window.length / (2 * melBands());
        if (positions == 0
                || window.length > mel.capacity()
                || window.length != 2 * positions * melBands()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "a window has %d × n values, n even and at most %d; %d were given",
                            melBands(),
                            WhisperShape.WINDOW_FRAMES,
                            window.length));
        }
        mel.clear();
        mel.put(window).flip();
        long[] dims = {1, melBands(), 2L * positions};
        try (OnnxTensor input = OnnxTensor.createTensor(network.environment(), mel, dims)) {
            cross.use(slot, positions);
            Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
            for (int i = 0; i < network.shape().decoderLayers(); i++) {
                outputs.put(GraphNames.crossKeys(i), cross.slotKeys(i, slot));
                outputs.put(GraphNames.crossValues(i), cross.slotValues(i, slot));
            }
            try (OrtSession.Result result =
                    network.encoder().run(Map.of(GraphNames.MEL, input), Set.of(), outputs)) {
                // what it computed lies in the caches
            }
        } catch (OrtException e) {
            throw failed("The encoder", e);
        }
    }

    private static EngineException failed(String what, OrtException cause) {
        return new EngineException(
                EngineException.Category.INTERNAL, what + " failed: " + cause.getMessage(), cause);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            step.close();
            cross.close();
            memory.close();
        }
    }
}
