package dev.parlo.engine.whisper.cpu;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.onnx.StoppableRuns;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.graph.GraphNames;
import dev.parlo.engine.whisper.network.Resources;
import java.lang.foreign.Arena;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The memory of the encoder's inputs, for one run at a time. Not thread-safe. */
final class EncoderRun implements AutoCloseable {
    private final CpuNetwork network;
    private final CrossCache cross;
    private final int bands;
    private final Resources resources;
    private final StoppableRuns runs;
    private final FloatBuffer mel;
    private final LongBuffer heard;

    /**
     * @param resources empty; what is made is added, and closed where a later part cannot be made
     */
    EncoderRun(CpuNetwork network, CrossCache cross, Resources resources) throws OrtException {
        this.network = network;
        this.cross = cross;
        this.resources = resources;
        bands = network.shape().melBands();
        try {
            Arena memory = Arena.ofShared();
            resources.add(memory, memory::close);
            mel = Buffers.floats(memory, bands * WhisperShape.WINDOW_FRAMES);
            heard = Buffers.longs(memory, new long[WhisperShape.AUDIO_POSITIONS]);
            StoppableRuns made = new StoppableRuns();
            runs = resources.add(made, made::close);
        } catch (Throwable e) { // errors, too: what is open lies outside of the heap
            resources.close();
            throw e;
        }
    }

    /**
     * What a session keeps for each run that is made at the same time as others, from the first one
     * on: about 27 values of the width a position (measured, 21 to 29 for {@code tiny} to {@code
     * small}; the attention's scores are computed in blocks).
     */
    static long bytes(WhisperShape shape) {
        return 27L * Float.BYTES * WhisperShape.AUDIO_POSITIONS * shape.width();
    }

    /**
     * Leaves a window's keys and values in its slot.
     *
     * @param session of the encoder's graph
     * @param window {@code [bands, 2·n]}, n at most 1500
     */
    void run(OrtSession session, float[] window, int slot) {
        network.checkFiles();
        int positions = window.length / (2 * bands);
        if (positions == 0
                || window.length > mel.capacity()
                || window.length != 2 * positions * bands) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "a window has %d × n values, n even and at most %d; %d were given",
                            bands,
                            WhisperShape.WINDOW_FRAMES,
                            window.length));
        }
        int convolved = Math.min(positions, convolvedPositions(window, 2 * positions));
        fill(window, 2 * positions, convolved);
        long[] dims = {1, bands, 2L * convolved};
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
            Map<String, OnnxTensor> inputs = Map.of(GraphNames.MEL, input, GraphNames.HEARD, which);
            try (OrtSession.Result result = session.run(inputs, Set.of(), outputs, runs.next())) {
                // what it computed lies in the caches
            }
        } catch (OrtException e) {
            throw new EngineException(
                    EngineException.Category.INTERNAL, "The encoder failed: " + e.getMessage(), e);
        }
    }

    /**
     * As many positions as tell something of the audio, and one more, which stands for all behind
     * it: position t sees the frames 2t - 2 to 2t + 2, and silence is zeros, as what the
     * convolutions see beyond their input is.
     */
    private int convolvedPositions(float[] window, int frames) {
        int audio = 0;
        for (int band = 0; band < bands; band++) {
            int end = frames;
            while (end > audio && window[band * frames + end - 1] == 0) {
                end--;
            }
            audio = Math.max(audio, end);
        }
        return (audio + 3) / 2 + 1;
    }

    private void fill(float[] window, int frames, int convolved) {
        mel.clear();
        for (int band = 0; band < bands; band++) {
            mel.put(window, band * frames, 2 * convolved);
        }
        mel.flip();
        heard.clear();
        for (int position = 0; position < frames / 2; position++) {
            heard.put(Math.min(position, convolved - 1));
        }
        heard.flip();
    }

    /** Has the run under way fail at its next operator, from any thread. */
    void stop() {
        runs.stop();
    }

    @Override
    public void close() {
        resources.close();
    }
}
