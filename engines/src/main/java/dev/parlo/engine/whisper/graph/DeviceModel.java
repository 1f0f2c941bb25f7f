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
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A checkpoint as graphs for a device and the weights that they all read, made once.
 *
 * @param directory of the cache entry
 * @param layout of the weights
 */
public record DeviceModel(Path directory, Layout layout) {
    private static final String WEIGHTS = "device.weights";

    /** The first with operators for attention and for writing into caches. */
    private static final long OPSET = 24;

    /**
     * Tokens that a row of a cache can hold: all of a decoder's input, and eight more. A step
     * computes every row of its slots, and an idle row writes one token behind those it holds.
     */
    public static final int CACHE_POSITIONS = WhisperShape.TEXT_POSITIONS + 8;

    /**
     * A weight in the file, named as the graphs' inputs are.
     *
     * @param offset bytes from the start
     */
    public record Weight(String name, long offset, long[] dims) {}

    /**
     * @param type FLOAT32 or FLOAT16, of all of them
     */
    public record Layout(ComputeType type, List<Weight> weights) {}

    public Path encoder() {
        return directory.resolve("encoder.onnx");
    }

    public Path decoder() {
        return directory.resolve("decoder.onnx");
    }

    public Path alignment() {
        return directory.resolve("alignment.onnx");
    }

    public Path weights() {
        return directory.resolve(WEIGHTS);
    }

    /**
     * Finds the conversion in the cache or makes it.
     *
     * @param type FLOAT32 or FLOAT16
     * @param attention of the decoder
     * @throws EngineException of category BAD_REQUEST for another type, BAD_MODEL, NO_SPACE, or
     *     CANCELLED when the cancellation was raised meanwhile; nothing of the conversion is left
     *     then
     */
    public static DeviceModel of(
            Checkpoint checkpoint,
            ComputeType type,
            SelfAttention attention,
            WeightCache cache,
            Cancellation cancellation) {
        if (type != ComputeType.FLOAT32 && type != ComputeType.FLOAT16) {
            throw new EngineException(
                    EngineException.Category.BAD_REQUEST,
                    "A GPU computes Whisper in float16 or float32, not in " + type.label() + ".");
        }
        WhisperShape shape = checkpoint.shape();
        long numbers = ConvertedModel.matrices(shape) + ConvertedModel.floats(shape);
        long bytes = numbers * (type == ComputeType.FLOAT16 ? 2 : 4);
        Path entry =
                cache.entry(
                        checkpoint.directory(),
                        label(type, attention),
                        bytes,
                        directory ->
                                write(checkpoint, type, attention, directory, bytes, cancellation));
        return new DeviceModel(entry, ConvertedModel.layout(entry, Layout.class));
    }

    private static String label(ComputeType type, SelfAttention attention) {
        return "device-" + type.label() + "-" + attention.name().toLowerCase(Locale.ROOT);
    }

    private static void write(
            Checkpoint checkpoint,
            ComputeType type,
            SelfAttention attention,
            Path directory,
            long bytes,
            Cancellation cancellation)
            throws IOException {
        ConversionProgress progress =
                new ConversionProgress(
                        String.valueOf(checkpoint.directory().getFileName()),
                        label(type, attention),
                        bytes,
                        cancellation);
        ElementType element = type == ComputeType.FLOAT16 ? ElementType.FLOAT16 : ElementType.FLOAT;
        try (WeightFile file = new WeightFile(directory.resolve(WEIGHTS), progress)) {
            DeviceWeights weights = new DeviceWeights(file, element);
            GraphBuilder encoder = new GraphBuilder("whisper-encoder", OPSET, file);
            DeviceEncoderGraph.build(checkpoint, encoder, weights);
            encoder.write(directory.resolve("encoder.onnx"));
            GraphBuilder decoder = new GraphBuilder("whisper-decoder", OPSET, file);
            DeviceDecoderGraph.build(checkpoint, decoder, weights, attention);
            decoder.write(directory.resolve("decoder.onnx"));
            GraphBuilder alignment = new GraphBuilder("whisper-alignment", OPSET, file);
            DeviceDecoderGraph.buildAlignment(checkpoint, alignment, weights, attention);
            alignment.write(directory.resolve("alignment.onnx"));
            ConvertedModel.writeLayout(directory, new Layout(type, weights.all()));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
