package dev.parlo.engine.whisper.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Writes checkpoints of any shape with generated weights, in any storage type, for tests. */
public final class CheckpointWriter {
    private final Map<String, Entry> entries = new TreeMap<>();
    private final List<String[]> aliases = new ArrayList<>();

    private record Entry(int[] shape, DataType type, byte[] bytes) {}

    /** A network with random weights, small enough that activations stay tame. */
    public static CheckpointWriter random(WhisperShape s, DataType type, long seed) {
        CheckpointWriter writer = new CheckpointWriter();
        Random random = new Random(seed);
        int d = s.width();
        writer.scalar("encoder/num_heads", s.heads());
        writer.scalar("decoder/num_heads", s.heads());
        writer.weight("encoder/conv1/weight", type, random, 0.1, d, s.melBands(), 3);
        writer.vector("encoder/conv1/bias", type, random, 0, d);
        writer.weight("encoder/conv2/weight", type, random, 0.1, d, d, 3);
        writer.vector("encoder/conv2/bias", type, random, 0, d);
        writer.table("encoder/position_encodings/encodings", type, random, 1500, d);
        writer.table("decoder/position_encodings/encodings", type, random, s.textPositions(), d);
        writer.weight("decoder/embeddings/weight", type, random, 0.3, s.vocabularySize(), d);
        for (int i = 0; i < s.encoderLayers(); i++) {
            writer.block("encoder/layer_" + i, type, random, d, s.feedForwardWidth());
        }
        for (int i = 0; i < s.decoderLayers(); i++) {
            String layer = "decoder/layer_" + i;
            writer.block(layer, type, random, d, s.feedForwardWidth());
            writer.norm(layer + "/attention", type, random, d);
            writer.linear(layer + "/attention/linear_0", type, random, d, d);
            writer.linear(layer + "/attention/linear_1", type, random, 2 * d, d);
            writer.linear(layer + "/attention/linear_2", type, random, d, d);
        }
        writer.norm("encoder", type, random, d);
        writer.norm("decoder", type, random, d);
        writer.aliases.add(new String[] {"decoder/projection/weight", "decoder/embeddings/weight"});
        return writer;
    }

    private void block(String layer, DataType type, Random random, int d, int inner) {
        norm(layer + "/self_attention", type, random, d);
        linear(layer + "/self_attention/linear_0", type, random, 3 * d, d);
        linear(layer + "/self_attention/linear_1", type, random, d, d);
        norm(layer + "/ffn", type, random, d);
        linear(layer + "/ffn/linear_0", type, random, inner, d);
        linear(layer + "/ffn/linear_1", type, random, d, inner);
    }

    private void norm(String name, DataType type, Random random, int d) {
        vector(name + "/layer_norm/gamma", type, random, 1, d);
        vector(name + "/layer_norm/beta", type, random, 0, d);
    }

    private void linear(String name, DataType type, Random random, int out, int in) {
        weight(name + "/weight", type, random, 1.5 / Math.sqrt(in), out, in);
        vector(name + "/bias", type, random, 0, out);
    }

    private void vector(String name, DataType type, Random random, double mean, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (mean + 0.1 * random.nextGaussian());
        }
        put(name, floatType(type), values, size);
    }

    private void table(String name, DataType type, Random random, int rows, int columns) {
        put(name, floatType(type), gaussian(random, 0.3, rows * columns), rows, columns);
    }

    private void weight(String name, DataType type, Random random, double deviation, int... shape) {
        int size = 1;
        for (int dim : shape) {
            size *= dim;
        }
        float[] values = gaussian(random, deviation, size);
        boolean quantised = (type == DataType.INT8 || type == DataType.INT16) && shape.length == 2;
        if (quantised) {
            quantise(name, type, values, shape);
        } else {
            put(name, floatType(type), values, shape);
        }
    }

    private static float[] gaussian(Random random, double deviation, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }

    private void quantise(String name, DataType type, float[] values, int[] shape) {
        int groups = type == DataType.INT8 ? shape[0] : 1;
        int group = values.length / groups;
        float[] scales = new float[groups];
        ByteBuffer bytes =
                ByteBuffer.allocate(values.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int g = 0; g < groups; g++) {
            float amax = 0;
            for (int i = g * group; i < (g + 1) * group; i++) {
                amax = Math.max(amax, Math.abs(values[i]));
            }
            scales[g] = (type == DataType.INT8 ? 127f : 1024f) / amax;
            for (int i = g * group; i < (g + 1) * group; i++) {
                int q = (int) Math.rint(values[i] * scales[g]);
                if (type == DataType.INT8) {
                    bytes.put((byte) q);
                } else {
                    bytes.putShort((short) q);
                }
            }
        }
        entries.put(name, new Entry(shape.clone(), type, bytes.array()));
        put(
                name + "_scale",
                DataType.FLOAT32,
                scales,
                type == DataType.INT8 ? new int[] {groups} : new int[0]);
    }

    private static DataType floatType(DataType type) {
        return type == DataType.INT8 || type == DataType.INT16 ? DataType.FLOAT32 : type;
    }

    private void scalar(String name, int value) {
        byte[] bytes =
                ByteBuffer.allocate(2)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putShort((short) value)
                        .array();
        entries.put(name, new Entry(new int[0], DataType.INT16, bytes));
    }

    private void put(String name, DataType type, float[] values, int... shape) {
        ByteBuffer bytes =
                ByteBuffer.allocate(values.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (type) {
                case FLOAT32 -> bytes.putFloat(value);
                case FLOAT16 -> bytes.putShort(Float.floatToFloat16(value));
                case BFLOAT16 -> bytes.putShort((short) (Float.floatToIntBits(value) >>> 16));
                case INT8, INT16, INT32 -> throw new IllegalArgumentException(type.name());
            }
        }
        entries.put(name, new Entry(shape.clone(), type, bytes.array()));
    }

    /** The file as bytes, version 6. */
    public byte[] toBytes() {
        Output out = new Output();
        out.u32(6);
        out.string("WhisperSpec");
        out.u32(3);
        out.u32(entries.size());
        entries.forEach((name, entry) -> {
            out.string(name);
            out.u8(entry.shape().length);
            for (int dim : entry.shape()) {
                out.u32(dim);
            }
            out.u8(entry.type().ordinal());
            out.u32(entry.bytes().length);
            out.bytes.writeBytes(entry.bytes());
        });
        out.u32(aliases.size());
        for (String[] alias : aliases) {
            out.string(alias[0]);
            out.string(alias[1]);
        }
        return out.bytes.toByteArray();
    }

    /**
     * Writes {@code model.bin} and a {@code config.json} with these alignment heads, such as {@code
     * [[1, 0]]}.
     */
    public void write(Path directory, String alignmentHeads) throws IOException {
        Files.createDirectories(directory);
        Files.write(directory.resolve("model.bin"), toBytes());
        Files.writeString(
                directory.resolve("config.json"),
                "{\"suppress_ids\": [], \"suppress_ids_begin\": [], \"lang_ids\": null, \"alignment_heads\": "
                        + alignmentHeads
                        + ", \"unknown\": 1}");
    }

    private static final class Output {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        void u8(int value) {
            bytes.write(value);
        }

        void u32(long value) {
            bytes.writeBytes(
                    ByteBuffer.allocate(4)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt((int) value)
                            .array());
        }

        void string(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            u8((utf8.length + 1) & 0xff);
            u8((utf8.length + 1) >> 8);
            bytes.writeBytes(utf8);
            u8(0);
        }
    }
}
