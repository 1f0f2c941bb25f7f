package dev.parlo.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import tools.jackson.databind.ObjectMapper;

/**
 * Writes a CTranslate2 checkpoint of a published shape with random float16 weights, whose decoder
 * says {@link Script}. Its words mean nothing; its sizes and so its speed are those of the real
 * one.
 */
final class CheckpointGenerator {
    private static final int FLOAT16 = 4;
    private static final int INT16 = 2;
    private static final int INT8 = 1;
    private static final int TEXT_TOKENS = 50257;
    private static final String LANGUAGES =
            "en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta"
                    + " no th ur hr bg lt la mi ml cy sk te fa lv bn sr az sl kn et mk br eu is hy"
                    + " ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am yi lo uz"
                    + " fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su yue";

    /** Writes the bytes of a variable. */
    private interface Payload {
        void writeTo(OutputStream out) throws IOException;
    }

    private record Variable(int[] dims, int type, long bytes, Payload payload) {}

    private final Shape shape;
    private final SplittableRandom random = new SplittableRandom(1);
    private final Map<String, Variable> variables = new TreeMap<>();

    private CheckpointGenerator(Shape shape) {
        this.shape = shape;
    }

    /** Writes {@code model.bin}, {@code config.json} and {@code vocabulary.json}. */
    static void write(Path directory, Shape shape) throws IOException {
        Files.createDirectories(directory);
        new CheckpointGenerator(shape).write(directory);
    }

    private void write(Path directory) throws IOException {
        collect();
        try (OutputStream out =
                new BufferedOutputStream(
                        Files.newOutputStream(directory.resolve("model.bin")), 1 << 20)) {
            ints(out, 6);
            text(out, "WhisperSpec");
            ints(out, 3, variables.size());
            for (Map.Entry<String, Variable> entry : variables.entrySet()) {
                Variable variable = entry.getValue();
                text(out, entry.getKey());
                out.write(variable.dims().length);
                ints(out, variable.dims());
                out.write(variable.type());
                ints(out, Math.toIntExact(variable.bytes()));
                variable.payload().writeTo(out);
            }
            ints(out, 1);
            text(out, "decoder/projection/weight");
            text(out, "decoder/embeddings/weight");
        }
        ObjectMapper json = new ObjectMapper();
        List<String> vocabulary = vocabulary();
        json.writeValue(directory.resolve("vocabulary.json").toFile(), vocabulary);
        int languages = shape.languages();
        List<Integer> languageIds = new ArrayList<>();
        for (int i = 0; i < languages; i++) {
            languageIds.add(TEXT_TOKENS + 2 + i);
        }
        json.writeValue(
                directory.resolve("config.json").toFile(),
                Map.of(
                        "alignment_heads",
                        List.of(List.of(shape.decoderLayers() - 1, 0)),
                        "lang_ids",
                        languageIds,
                        "suppress_ids",
                        List.of(),
                        "suppress_ids_begin",
                        List.of(220, TEXT_TOKENS)));
    }

    private void collect() {
        int d = shape.width();
        short heads = (short) (d / 64);
        for (String side : List.of("encoder", "decoder")) {
            scalar(side + "/num_heads", INT16, heads);
            norm(side + "/layer_norm");
            boolean decoder = side.equals("decoder");
            int layers = decoder ? shape.decoderLayers() : shape.encoderLayers();
            for (int layer = 0; layer < layers; layer++) {
                block(side + "/layer_" + layer, decoder);
            }
        }
        scalar("decoder/pre_norm", INT8, (short) 1);
        scalar("decoder/activation", INT8, (short) 3);
        scalar("decoder/alignment_layer", INT16, (short) -1);
        scalar("decoder/alignment_heads", INT16, (short) 1);
        scalar("decoder/scale_embeddings", INT8, (short) 0);
        scalar("decoder/start_from_zero_embedding", INT8, (short) 0);
        scalar("decoder/alibi", INT8, (short) 0);
        noise("encoder/conv1/weight", d, shape.bands(), 3);
        noise("encoder/conv1/bias", d);
        noise("encoder/conv2/weight", d, d, 3);
        noise("encoder/conv2/bias", d);
        noise("encoder/position_encodings/encodings", 1500, d);
        float[] embeddings = embeddings();
        values("decoder/embeddings/weight", embeddings, shape.vocabulary(), d);
        values("decoder/position_encodings/encodings", positions(embeddings), 448, d);
    }

    private void block(String name, boolean decoder) {
        int d = shape.width();
        norm(name + "/self_attention/layer_norm");
        linear(name + "/self_attention/linear_0", 3 * d, d);
        linear(name + "/self_attention/linear_1", d, d);
        if (decoder) {
            norm(name + "/attention/layer_norm");
            linear(name + "/attention/linear_0", d, d);
            linear(name + "/attention/linear_1", 2 * d, d);
            linear(name + "/attention/linear_2", d, d);
        }
        norm(name + "/ffn/layer_norm");
        linear(name + "/ffn/linear_0", 4 * d, d);
        linear(name + "/ffn/linear_1", d, 4 * d);
    }

    private void linear(String name, int out, int in) {
        noise(name + "/weight", out, in);
        noise(name + "/bias", out);
    }

    private void norm(String name) {
        float[] ones = new float[shape.width()];
        java.util.Arrays.fill(ones, 1);
        values(name + "/gamma", ones, shape.width());
        values(name + "/beta", new float[shape.width()], shape.width());
    }

    private void scalar(String name, int type, short value) {
        int size = type == INT16 ? 2 : 1;
        variables.put(
                name,
                new Variable(
                        new int[0],
                        type,
                        size,
                        out -> {
                            out.write(value);
                            if (size == 2) {
                                out.write(value >> 8);
                            }
                        }));
    }

    /**
     * Random numbers of 0.016 to 0.031, of either sign; a sixteenth of that where more layers would
     * add up to more than the position's vector says.
     */
    private void noise(String name, int... dims) {
        int count = count(dims);
        int exponent = shape.encoderLayers() > 12 ? 0x1400 : 0x2400;
        variables.put(
                name,
                new Variable(
                        dims,
                        FLOAT16,
                        2L * count,
                        out -> {
                            ByteBuffer buffer = buffer(2 * count);
                            while (buffer.hasRemaining()) {
                                // the sign and the fraction at random
                                buffer.putShort(
                                        (short) ((random.nextInt() & 0x83ff) | exponent));
                            }
                            out.write(buffer.array());
                        }));
    }

    private void values(String name, float[] values, int... dims) {
        variables.put(
                name,
                new Variable(
                        dims,
                        FLOAT16,
                        2L * count(dims),
                        out -> {
                            ByteBuffer buffer = buffer(2 * values.length);
                            for (float value : values) {
                                buffer.putShort(Float.floatToFloat16(value));
                            }
                            out.write(buffer.array());
                        }));
    }

    /** Rows of norm 4 without a mean, in random directions. */
    private float[] embeddings() {
        int d = shape.width();
        float[] all = new float[shape.vocabulary() * d];
        for (int row = 0; row < shape.vocabulary(); row++) {
            double mean = 0;
            for (int i = 0; i < d; i++) {
                all[row * d + i] = (float) (random.nextDouble() - 0.5);
                mean += all[row * d + i] / d;
            }
            double norm = 0;
            for (int i = 0; i < d; i++) {
                all[row * d + i] -= (float) mean;
                norm += all[row * d + i] * all[row * d + i];
            }
            for (int i = 0; i < d; i++) {
                all[row * d + i] *= (float) (4 / Math.sqrt(norm));
            }
        }
        return all;
    }

    /** The position's vector outweighs all else, and points to the token to be said. */
    private float[] positions(float[] embeddings) {
        int d = shape.width();
        float[] positions = new float[448 * d];
        Script.tokens()
                .forEach((position, token) -> {
                    for (int i = 0; i < d; i++) {
                        positions[position * d + i] = 20 * embeddings[token * d + i];
                    }
                });
        return positions;
    }

    /** Words {@code w0}, {@code w1}, … after the bytes; then the special tokens. */
    private List<String> vocabulary() {
        List<String> all = new ArrayList<>();
        int other = 256;
        for (int value = 0; value < 256; value++) {
            boolean printable =
                    (value >= 33 && value <= 126) || (value >= 161 && value <= 172) || value >= 174;
            all.add(String.valueOf((char) (printable ? value : other++)));
        }
        while (all.size() < TEXT_TOKENS - 1) {
            all.add("\u0120w" + (all.size() - 256));
        }
        // Published multilingual vocabularies have an empty token here.
        all.add("");
        all.add("<|endoftext|>");
        all.add("<|startoftranscript|>");
        for (String language : List.of(LANGUAGES.split(" ")).subList(0, shape.languages())) {
            all.add("<|" + language + "|>");
        }
        all.addAll(
                List.of(
                        "<|translate|>",
                        "<|transcribe|>",
                        "<|startoflm|>",
                        "<|startofprev|>",
                        "<|nospeech|>",
                        "<|notimestamps|>"));
        for (int i = 0; i <= 1500; i++) {
            all.add(String.format(java.util.Locale.ROOT, "<|%.2f|>", i * 0.02));
        }
        if (all.size() != shape.vocabulary()) {
            throw new IllegalStateException("The vocabulary has " + all.size() + " tokens");
        }
        return all;
    }

    private static int count(int[] dims) {
        int product = 1;
        for (int dim : dims) {
            product *= dim;
        }
        return product;
    }

    private static void text(OutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes.length + 1);
        out.write((bytes.length + 1) >> 8);
        out.write(bytes);
        out.write(0);
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
