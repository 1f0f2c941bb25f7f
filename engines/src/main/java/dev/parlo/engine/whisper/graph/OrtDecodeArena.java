package dev.parlo.engine.whisper.graph;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.decode.DecodeArena;
import dev.parlo.engine.whisper.decode.DecoderStep;
import dev.parlo.engine.whisper.decode.WindowEncoder;
import java.lang.foreign.Arena;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Caches in native memory, with the sessions that work on them. Not thread-safe: one driver owns
 * it.
 */
final class OrtDecodeArena implements DecodeArena, WindowEncoder {
    private final WhisperModel model;
    private final KeyValueCaches caches;
    private final OrtDecoderStep step;
    private final Arena memory = Arena.ofShared();
    private final FloatBuffer mel;
    private boolean closed;

    OrtDecodeArena(WhisperModel model, int windows, int rowsPerWindow) {
        this.model = model;
        WhisperShape shape = model.shape();
        KeyValueCaches opened = null;
        try {
            this.mel = Buffers.floats(memory, shape.melBands() * WhisperShape.WINDOW_FRAMES);
            opened = new KeyValueCaches(model.environment(), shape, windows, rowsPerWindow);
            this.step = new OrtDecoderStep(model, opened, windows, rowsPerWindow);
            this.caches = opened;
        } catch (RuntimeException | Error e) {
            if (opened != null) {
                opened.close();
            }
            memory.close();
            throw e;
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
    public int melBands() {
        return model.shape().melBands();
    }

    @Override
    public void encode(float[] window, int slot) {
        if (window.length != mel.capacity()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "a window has %d × %d values; %d were given",
                            melBands(),
                            WhisperShape.WINDOW_FRAMES,
                            window.length));
        }
        step.forget(slot);
        mel.clear();
        mel.put(window).flip();
        long[] dims = {1, melBands(), WhisperShape.WINDOW_FRAMES};
        try (OnnxTensor input = OnnxTensor.createTensor(model.environment(), mel, dims)) {
            Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
            for (int i = 0; i < model.shape().decoderLayers(); i++) {
                outputs.put(EncoderGraph.crossKey(i), caches.cross(2 * i, slot, 1));
                outputs.put(EncoderGraph.crossValue(i), caches.cross(2 * i + 1, slot, 1));
            }
            try (OrtSession.Result result =
                    model.encoder().run(Map.of(EncoderGraph.MEL, input), Set.of(), outputs)) {
                // what it computed lies in the caches
            }
        } catch (OrtException e) {
            throw new EngineException(
                    EngineException.Category.INTERNAL, "The encoder failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            step.close();
            caches.close();
            memory.close();
        }
    }
}
