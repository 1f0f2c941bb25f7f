package dev.parlo.engine.whisper.graph;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import dev.parlo.engine.whisper.checkpoint.WeightFile;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/**
 * A checkpoint as graphs and weights on disk, made once and mapped by every process that runs it.
 *
 * @param directory of the cache entry
 * @param layout where the embeddings lie
 */
public record ConvertedModel(Path directory, Layout layout) {
    private static final String LAYOUT = "layout.json";

    /**
     * Places in the decoder's weights that the step reads itself.
     *
     * @param embeddings of the tokens
     * @param positions offset of the position embeddings
     */
    public record Layout(EmbeddingLayout embeddings, long positions) {}

    public Path encoder() {
        return directory.resolve("encoder.onnx");
    }

    public Path decoder() {
        return directory.resolve("decoder.onnx");
    }

    public Path encoderWeights() {
        return directory.resolve("encoder.weights");
    }

    public Path decoderWeights() {
        return directory.resolve("decoder.weights");
    }

    /** Of all weights. */
    public long bytes() {
        try {
            return Files.size(encoderWeights()) + Files.size(decoderWeights());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Finds the conversion in the cache or makes it.
     *
     * @throws EngineException of category CANCELLED when the cancellation was raised meanwhile;
     *     nothing of the conversion is left then
     */
    public static ConvertedModel of(
            Checkpoint checkpoint, ComputePlan plan, WeightCache cache, Cancellation cancellation) {
        Path entry =
                cache.entry(
                        checkpoint.directory(),
                        plan.label(),
                        expectedBytes(checkpoint.shape(), plan),
                        directory -> write(checkpoint, plan, directory, cancellation));
        return new ConvertedModel(entry, layout(entry, Layout.class));
    }

    /** What was written beside the weights of a conversion, in {@code layout.json}. */
    static <T> T layout(Path entry, Class<T> type) {
        try {
            return JsonMapper.shared().readValue(Files.readAllBytes(entry.resolve(LAYOUT)), type);
        } catch (IOException e) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    String.format(
                            Locale.ROOT,
                            "The converted weights in '%s' cannot be read (%s); delete that directory.",
                            entry,
                            e.getMessage()),
                    e);
        }
    }

    static void writeLayout(Path directory, Object layout) throws IOException {
        Files.write(directory.resolve(LAYOUT), JsonMapper.shared().writeValueAsBytes(layout));
    }

    private static void write(
            Checkpoint checkpoint, ComputePlan plan, Path directory, Cancellation cancellation)
            throws IOException {
        ConversionProgress progress =
                new ConversionProgress(
                        String.valueOf(checkpoint.directory().getFileName()),
                        plan.label(),
                        expectedBytes(checkpoint.shape(), plan),
                        cancellation);
        try (WeightFile weights = new WeightFile(directory.resolve("encoder.weights"), progress)) {
            EncoderGraph.build(checkpoint, plan, weights).write(directory.resolve("encoder.onnx"));
        }
        try (WeightFile weights = new WeightFile(directory.resolve("decoder.weights"), progress)) {
            DecoderGraph.Built built = DecoderGraph.build(checkpoint, plan, weights);
            built.graph().write(directory.resolve("decoder.onnx"));
            Layout layout = new Layout(built.embeddings(), built.positions().offset());
            writeLayout(directory, layout);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static long expectedBytes(WhisperShape s, ComputePlan plan) {
        long matrices = matrices(s);
        long floats = floats(s);
        return plan.type() == ComputeType.FLOAT32
                ? 4 * (matrices + floats)
                : matrices + matrices / 16 + 4 * floats;
    }

    /** Numbers in the matrices of a network. */
    static long matrices(WhisperShape s) {
        long d = s.width();
        long block = 4 * d * d + 2 * d * s.feedForwardWidth();
        return s.encoderLayers() * block
                + s.decoderLayers() * (block + 4 * d * d)
                + s.vocabularySize() * d;
    }

    /** Numbers beside them: convolutions and positions. */
    static long floats(WhisperShape s) {
        long d = s.width();
        return d * (3L * s.melBands() + 3 * d + WhisperShape.AUDIO_POSITIONS + s.textPositions());
    }
}
