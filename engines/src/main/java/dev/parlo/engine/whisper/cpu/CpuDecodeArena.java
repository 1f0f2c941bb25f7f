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
import java.nio.LongBuffer;
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
    private final LongBuffer heard;
    private boolean closed;

    CpuDecodeArena(CpuNetwork network, int slots) {
        this.network = network;
        WhisperShape shape = network.shape();
        this.mel = Buffers.floats(memory, shape.melBands() * WhisperShape.WINDOW_FRAMES);
        this.heard = Buffers.longs(memory, new long[WhisperShape.AUDIO_POSITIONS]);
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
        int convolved = Math.min(positions, convolvedPositions(window, 2 * positions));
        fill(window, 2 * positions, convolved);
        long[] dims = {1, melBands(), 2L * convolved};
        try (OnnxTensor input = OnnxTensor.createTensor(network.environment(), mel, dims);
                OnnxTensor which =
                        OnnxTensor.createTensor(
                                network.environment(), heard, new long[] {positions})) {
            cross.use(slot, positions);
            Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
            for (int i = 0; i < network.shape().decoderLayers(); i++) {
                outputs.put(GraphNames.crossKeys(i), cross.slotKeys(i, slot));
                outputs.put(GraphNames.crossValues(i), cross.slotValues(i, slot));
            }
            try (OrtSession.Result result =
                    network.encoder()
                            .run(
                                    Map.of(GraphNames.MEL, input, GraphNames.HEARD, which),
                                    Set.of(),
                                    outputs)) {
                // what it computed lies in the caches
            }
        } catch (OrtException e) {
            throw failed("The encoder", e);
        }
    }

    /**
     * As many positions as tell something of the audio, and one more, which stands for all behind
     * it: position t sees the frames 2t - 2 to 2t + 2, and silence is zeros, as what the
     * convolutions see beyond their input is.
     */
    private int convolvedPositions(float[] window, int frames) {
        int audio = 0;
        for (int band = 0; band < melBands(); band++) {
            int end = frames;
            while (end > audio && window[band * frames + end - 1] == 0) {
                end--;
            }
            audio = Math.max(audio, end);
        }
        return (audio + 3) / 2 + 1;
    }

    /** Lays out the encoder's inputs. */
    private void fill(float[] window, int frames, int convolved) {
        mel.clear();
        for (int band = 0; band < melBands(); band++) {
            mel.put(window, band * frames, 2 * convolved);
        }
        mel.flip();
        heard.clear();
        for (int position = 0; position < frames / 2; position++) {
            heard.put(Math.min(position, convolved - 1));
        }
        heard.flip();
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
