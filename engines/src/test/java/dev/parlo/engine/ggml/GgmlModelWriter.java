package dev.parlo.engine.ggml;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Writes GGML Whisper files with generated weights, for tests and benchmarks: random ones, whose
 * output is nonsense, or ones whose decoder says a given sequence of tokens whatever it hears.
 */
public final class GgmlModelWriter {
    /** Norm of every token's embedding in a scripted model; large enough to be certain of it. */
    private static final double EMBEDDING_NORM = 4;

    private final GgmlLayout layout;
    private final SplittableRandom random;
    private final Map<Integer, Integer> script;
    private final boolean noisy;
    private final byte[][] vocabulary;

    private GgmlModelWriter(
            GgmlLayout layout, long seed, Map<Integer, Integer> script, boolean noisy) {
        this.layout = layout;
        this.random = new SplittableRandom(seed);
        this.script = script;
        this.noisy = noisy;
        this.vocabulary = vocabulary(layout.multilingual() ? 50257 : 50256);
    }

    /** A layout of published proportions: heads of 64, 80 mels. */
    public static GgmlLayout layout(int vocabulary, int width, int layers, GgmlType type) {
        int heads = Math.max(1, width / 64);
        return new GgmlLayout(vocabulary, 1500, width, heads, layers, 448, heads, layers, 80, type);
    }

    /** Random weights of every type. */
    public static void random(Path path, GgmlLayout layout, long seed) throws IOException {
        new GgmlModelWriter(layout, seed, Map.of(), true).write(path);
    }

    /**
     * A model that ignores the audio: after the token at decoder position {@code p} comes {@code
     * script.get(p)}. Only for f16 and q8_0.
     *
     * @param noisy whether the other weights are random, small enough not to change what it says;
     *     zeros otherwise
     */
    public static void scripted(
            Path path, GgmlLayout layout, Map<Integer, Integer> script, boolean noisy)
            throws IOException {
        new GgmlModelWriter(layout, 1, new HashMap<>(script), noisy).write(path);
    }

    /** The id of a token of the generated vocabulary: a byte, or {@code " w" + number}. */
    static int token(String text) {
        return text.length() == 1 ? text.charAt(0) : 256 + Integer.parseInt(text.substring(2));
    }

    private static byte[][] vocabulary(int count) {
        byte[][] tokens = new byte[count][];
        for (int id = 0; id < count; id++) {
            tokens[id] =
                    id < 256
                            ? new byte[] {(byte) id}
                            : (" w" + (id - 256)).getBytes(StandardCharsets.UTF_8);
        }
        return tokens;
    }

    private void write(Path path) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 20)) {
            int quantisation = layout.type().blockSize() > 1 ? 2000 : 0;
            ints(
                    out,
                    GgmlFile.MAGIC,
                    layout.vocabulary(),
                    layout.audioContext(),
                    layout.width(),
                    layout.audioHeads(),
                    layout.audioLayers(),
                    layout.textContext(),
                    layout.width(),
                    layout.textHeads(),
                    layout.textLayers(),
                    layout.mels(),
                    quantisation + layout.type().fileType());
            ints(out, layout.mels(), GgmlFile.BINS);
            out.write(floats(melFilters()));
            ints(out, vocabulary.length);
            for (byte[] token : vocabulary) {
                ints(out, token.length);
                out.write(token);
            }
            float[] embeddings = script.isEmpty() ? new float[0] : embeddings();
            for (GgmlLayout.Tensor tensor : layout.tensors().values()) {
                byte[] name = tensor.name().getBytes(StandardCharsets.UTF_8);
                ints(out, tensor.dims().size(), name.length, tensor.type().id());
                for (int dim : tensor.dims()) {
                    ints(out, dim);
                }
                out.write(name);
                data(out, tensor, embeddings);
            }
        }
    }

    private void data(OutputStream out, GgmlLayout.Tensor tensor, float[] embeddings)
            throws IOException {
        int elements = Math.toIntExact(tensor.elements());
        boolean norm = tensor.name().contains("ln");
        if (norm) {
            float[] values = new float[elements];
            if (tensor.name().endsWith("weight")) {
                java.util.Arrays.fill(values, 1);
            }
            out.write(floats(values));
        } else if (!script.isEmpty()) {
            out.write(encode(tensor.type(), scriptedValues(tensor, elements, embeddings)));
        } else if (tensor.type() == GgmlType.F32 || tensor.type() == GgmlType.F16) {
            out.write(encode(tensor.type(), randomValues(elements)));
        } else {
            out.write(randomBlocks(tensor));
        }
    }

    private float[] scriptedValues(GgmlLayout.Tensor tensor, int elements, float[] embeddings) {
        if (tensor.name().equals("decoder.token_embedding.weight")) {
            return embeddings;
        }
        float[] values = noisy ? randomValues(elements) : new float[elements];
        if (tensor.name().equals("decoder.positional_embedding")) {
            script.forEach((position, token) -> {
                for (int i = 0; i < layout.width(); i++) {
                    values[position * layout.width() + i] =
                            20 * embeddings[token * layout.width() + i];
                }
            });
        }
        return values;
    }

    /** Random directions without a mean, which the layer norm would take away. */
    private float[] embeddings() {
        int width = layout.width();
        float[] all = new float[layout.vocabulary() * width];
        for (int row = 0; row < layout.vocabulary(); row++) {
            double mean = 0;
            for (int i = 0; i < width; i++) {
                all[row * width + i] = (float) (random.nextDouble() - 0.5);
                mean += all[row * width + i] / width;
            }
            double norm = 0;
            for (int i = 0; i < width; i++) {
                all[row * width + i] -= (float) mean;
                norm += all[row * width + i] * all[row * width + i];
            }
            for (int i = 0; i < width; i++) {
                all[row * width + i] *= (float) (EMBEDDING_NORM / Math.sqrt(norm));
            }
        }
        return all;
    }

    private float[] randomValues(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextDouble() - 0.5) * 0.1f;
        }
        return values;
    }

    /** Random quantised blocks: a small scale (and offset), then random bits. */
    private byte[] randomBlocks(GgmlLayout.Tensor tensor) {
        byte[] data = new byte[Math.toIntExact(tensor.bytes())];
        random.nextBytes(data);
        ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        GgmlType type = tensor.type();
        int levels =
                switch (type) {
                    case Q4_0, Q4_1 -> 1 << 4;
                    case Q5_0, Q5_1 -> 1 << 5;
                    case Q8_0 -> 1 << 8;
                    // K types multiply by a second, small integer scale.
                    default -> 1 << 12;
                };
        for (int at = type.scalesAt(); at < data.length; at += type.blockBytes()) {
            buffer.putShort(at, Float.floatToFloat16(0.1f / levels));
            if (type.scales() == 2) {
                buffer.putShort(
                        at + 2, Float.floatToFloat16(levels == 1 << 12 ? 0.05f / 64 : -0.05f));
            }
        }
        return data;
    }

    private static byte[] encode(GgmlType type, float[] values) {
        return switch (type) {
            case F32 -> floats(values);
            case F16 -> {
                ByteBuffer buffer = buffer(2 * values.length);
                for (float value : values) {
                    buffer.putShort(Float.floatToFloat16(value));
                }
                yield buffer.array();
            }
            case Q8_0 -> q8(values);
            default -> throw new IllegalArgumentException("No encoder for " + type);
        };
    }

    private static byte[] q8(float[] values) {
        ByteBuffer buffer = buffer(values.length / 32 * 34);
        for (int block = 0; block < values.length; block += 32) {
            float max = 0;
            for (int i = 0; i < 32; i++) {
                max = Math.max(max, Math.abs(values[block + i]));
            }
            float scale = max / 127;
            buffer.putShort(Float.floatToFloat16(scale));
            for (int i = 0; i < 32; i++) {
                buffer.put((byte) (scale == 0 ? 0 : Math.round(values[block + i] / scale)));
            }
        }
        return buffer.array();
    }

    /** Triangles on Slaney's mel scale, normalised by area: {@code [mels, 201]}. */
    private float[] melFilters() {
        int mels = layout.mels();
        double[] edges = new double[mels + 2];
        for (int i = 0; i < edges.length; i++) {
            double mel = 45.245640471924965 * i / (mels + 1);
            edges[i] = mel < 15 ? mel * 200 / 3 : 1000 * Math.exp((mel - 15) * Math.log(6.4) / 27);
        }
        float[] filters = new float[mels * GgmlFile.BINS];
        for (int mel = 0; mel < mels; mel++) {
            for (int bin = 0; bin < GgmlFile.BINS; bin++) {
                double hertz = 40.0 * bin;
                double up = (hertz - edges[mel]) / (edges[mel + 1] - edges[mel]);
                double down = (edges[mel + 2] - hertz) / (edges[mel + 2] - edges[mel + 1]);
                double height = 2 / (edges[mel + 2] - edges[mel]);
                filters[mel * GgmlFile.BINS + bin] =
                        (float) (Math.max(0, Math.min(up, down)) * height);
            }
        }
        return filters;
    }

    private static byte[] floats(float[] values) {
        ByteBuffer buffer = buffer(4 * values.length);
        buffer.asFloatBuffer().put(values);
        return buffer.array();
    }

    private static void ints(OutputStream out, int... values) throws IOException {
        ByteBuffer buffer = buffer(4 * values.length);
        buffer.asIntBuffer().put(values);
        out.write(buffer.array());
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
