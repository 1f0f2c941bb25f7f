package dev.parlo.engine.whisper.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables of variables of published checkpoints, in sparse files without their weights. */
@Tag("locale")
class PublishedCheckpointTest {
    private static final int FLOAT16 = DataType.FLOAT16.ordinal();

    private record Entry(int[] shape, int type, int itemBytes) {
        long bytes() {
            long bytes = itemBytes;
            for (int dim : shape) {
                bytes *= dim;
            }
            return bytes;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tiny, 384, 4, 4, 51865, 80, false, 148, 75538270",
        "base, 512, 6, 6, 51865, 80, false, 212, 145217532",
        "small, 768, 12, 12, 51865, 80, false, 404, 483546902",
        "medium, 1024, 24, 24, 51865, 80, false, 788, 1527906378",
        "large-v2, 1280, 32, 32, 51865, 80, false, 1044, 3086912962",
        "large-v3, 1280, 32, 32, 51866, 128, true, 1046, 3087284237",
        "turbo, 1280, 32, 4, 51866, 128, true, 486, 1617884929"
    })
    void hasTheSizeAndTheShapeOfThePublishedFile(
            String name,
            int width,
            int encoderLayers,
            int decoderLayers,
            int vocabulary,
            int bands,
            boolean newerConverter,
            int variables,
            long bytes,
            @TempDir Path directory)
            throws IOException {
        WhisperShape shape =
                new WhisperShape(
                        width,
                        width / 64,
                        encoderLayers,
                        decoderLayers,
                        vocabulary,
                        bands,
                        4 * width,
                        448);
        Map<String, Entry> table = table(shape, newerConverter);
        assertThat(table).hasSize(variables);
        Path file = directory.resolve("model.bin");
        writeSparse(file, table);
        Files.writeString(directory.resolve("config.json"), "{}");
        assertThat(Files.size(file)).isEqualTo(bytes);
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.shape()).isEqualTo(shape);
            assertThat(checkpoint.variable("decoder/projection/weight").rows())
                    .isEqualTo(vocabulary);
            float[] last = new float[width];
            checkpoint.variable("encoder/position_encodings/encodings").readRow(1499, last);
            assertThat(last).containsOnly(0f);
        }
    }

    private static Map<String, Entry> table(WhisperShape s, boolean newerConverter) {
        Map<String, Entry> table = new TreeMap<>();
        int d = s.width();
        scalar(table, "encoder/num_heads", DataType.INT16);
        for (String name : new String[] {"num_heads", "alignment_layer", "alignment_heads"}) {
            scalar(table, "decoder/" + name, DataType.INT16);
        }
        for (String name :
                new String[] {
                    "pre_norm",
                    "activation",
                    "scale_embeddings",
                    "start_from_zero_embedding",
                    "alibi"
                }) {
            scalar(table, "decoder/" + name, DataType.INT8);
        }
        if (newerConverter) {
            scalar(table, "decoder/alibi_use_positive_positions", DataType.INT8);
            scalar(table, "decoder/scale_alibi", DataType.INT8);
        }
        half(table, "encoder/conv1/weight", d, s.melBands(), 3);
        half(table, "encoder/conv1/bias", d);
        half(table, "encoder/conv2/weight", d, d, 3);
        half(table, "encoder/conv2/bias", d);
        half(table, "encoder/position_encodings/encodings", 1500, d);
        half(table, "decoder/position_encodings/encodings", 448, d);
        half(table, "decoder/embeddings/weight", s.vocabularySize(), d);
        norm(table, "encoder", d);
        norm(table, "decoder", d);
        for (int i = 0; i < s.encoderLayers(); i++) {
            block(table, "encoder/layer_" + i, d);
        }
        for (int i = 0; i < s.decoderLayers(); i++) {
            block(table, "decoder/layer_" + i, d);
            String cross = "decoder/layer_" + i + "/attention";
            norm(table, cross, d);
            linear(table, cross + "/linear_0", d, d);
            linear(table, cross + "/linear_1", 2 * d, d);
            linear(table, cross + "/linear_2", d, d);
        }
        return table;
    }

    private static void block(Map<String, Entry> table, String layer, int d) {
        norm(table, layer + "/self_attention", d);
        linear(table, layer + "/self_attention/linear_0", 3 * d, d);
        linear(table, layer + "/self_attention/linear_1", d, d);
        norm(table, layer + "/ffn", d);
        linear(table, layer + "/ffn/linear_0", 4 * d, d);
        linear(table, layer + "/ffn/linear_1", d, 4 * d);
    }

    private static void norm(Map<String, Entry> table, String block, int d) {
        half(table, block + "/layer_norm/gamma", d);
        half(table, block + "/layer_norm/beta", d);
    }

    private static void linear(Map<String, Entry> table, String name, int out, int in) {
        half(table, name + "/weight", out, in);
        half(table, name + "/bias", out);
    }

    private static void half(Map<String, Entry> table, String name, int... shape) {
        table.put(name, new Entry(shape, FLOAT16, 2));
    }

    private static void scalar(Map<String, Entry> table, String name, DataType type) {
        table.put(name, new Entry(new int[0], type.ordinal(), type.bytes()));
    }

    /**
     * Writes the headers where they belong and leaves holes for the weights. Head counts are the
     * only scalars with a value.
     */
    private static void writeSparse(Path file, Map<String, Entry> table) throws IOException {
        Entry positions = table.get("decoder/position_encodings/encodings");
        if (positions == null) {
            throw new IllegalStateException("no positions");
        }
        int heads = positions.shape()[1] / 64;
        try (SeekableByteChannel out =
                Files.newByteChannel(
                        file,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.SPARSE)) {
            out.write(
                    header(buffer -> {
                        buffer.putInt(6);
                        string(buffer, "WhisperSpec");
                        buffer.putInt(3).putInt(table.size());
                    }));
            for (Map.Entry<String, Entry> named : table.entrySet()) {
                Entry entry = named.getValue();
                out.write(
                        header(buffer -> {
                            string(buffer, named.getKey());
                            buffer.put((byte) entry.shape().length);
                            for (int dim : entry.shape()) {
                                buffer.putInt(dim);
                            }
                            buffer.put((byte) entry.type()).putInt((int) entry.bytes());
                        }));
                int value =
                        named.getKey().endsWith("num_heads")
                                ? heads
                                : named.getKey().endsWith("activation") ? 3 : 0;
                if (value != 0) {
                    out.write(
                            header(buffer -> {
                                buffer.put((byte) value);
                                for (int i = 1; i < entry.bytes(); i++) {
                                    buffer.put((byte) 0);
                                }
                            }));
                } else {
                    out.position(out.position() + entry.bytes());
                }
            }
            out.write(
                    header(buffer -> {
                        buffer.putInt(1);
                        string(buffer, "decoder/projection/weight");
                        string(buffer, "decoder/embeddings/weight");
                    }));
        }
    }

    private interface Filling {
        void fill(ByteBuffer buffer);
    }

    private static ByteBuffer header(Filling filling) {
        ByteBuffer buffer = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
        filling.fill(buffer);
        return buffer.flip();
    }

    private static void string(ByteBuffer buffer, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        buffer.putShort((short) (utf8.length + 1)).put(utf8).put((byte) 0);
    }
}
