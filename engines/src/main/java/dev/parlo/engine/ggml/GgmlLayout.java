package dev.parlo.engine.ggml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sizes in a GGML Whisper file's header, and the tensors that follow from them.
 *
 * @param vocabulary tokens: 51864 (English only), 51865 (99 languages) or 51866 (100)
 * @param audioContext encoder positions, 1500
 * @param width of encoder and decoder
 * @param audioHeads attention heads of the encoder
 * @param textContext decoder positions, 448
 * @param textHeads attention heads of the decoder
 * @param mels mel bands, 80 or 128
 * @param type of the matrices
 */
record GgmlLayout(
        int vocabulary,
        int audioContext,
        int width,
        int audioHeads,
        int audioLayers,
        int textContext,
        int textHeads,
        int textLayers,
        int mels,
        GgmlType type) {

    /** English-only files have one token less than the first multilingual ones. */
    public static final int ENGLISH_VOCABULARY = 51864;

    /**
     * A tensor that the file must hold.
     *
     * @param dims innermost first, as ggml counts them
     */
    record Tensor(String name, List<Integer> dims, GgmlType type) {
        public long elements() {
            long product = 1;
            for (int dim : dims) {
                product *= dim;
            }
            return product;
        }

        public long bytes() {
            return type.bytes(elements());
        }
    }

    public boolean multilingual() {
        return vocabulary > ENGLISH_VOCABULARY;
    }

    /** Languages that have a token: 99 or 100; an English-only file has their tokens too. */
    public int languages() {
        return vocabulary - 51765 - (multilingual() ? 1 : 0);
    }

    /** Every tensor by name, in the order in which converters write them. */
    public Map<String, Tensor> tensors() {
        // Convolutions are never quantised, one-dimensional tensors and positions are always f32.
        GgmlType convolution = type == GgmlType.F32 ? GgmlType.F32 : GgmlType.F16;
        Map<String, Tensor> all = new LinkedHashMap<>();
        add(all, "encoder.positional_embedding", GgmlType.F32, width, audioContext);
        add(all, "encoder.conv1.weight", convolution, 3, mels, width);
        add(all, "encoder.conv1.bias", GgmlType.F32, 1, width);
        add(all, "encoder.conv2.weight", convolution, 3, width, width);
        add(all, "encoder.conv2.bias", GgmlType.F32, 1, width);
        norm(all, "encoder.ln_post");
        for (int layer = 0; layer < audioLayers; layer++) {
            block(all, "encoder.blocks." + layer, false);
        }
        add(all, "decoder.positional_embedding", GgmlType.F32, width, textContext);
        add(all, "decoder.token_embedding.weight", type, width, vocabulary);
        norm(all, "decoder.ln");
        for (int layer = 0; layer < textLayers; layer++) {
            block(all, "decoder.blocks." + layer, true);
        }
        return all;
    }

    private void block(Map<String, Tensor> all, String block, boolean decoder) {
        norm(all, block + ".mlp_ln");
        linear(all, block + ".mlp.0", width, 4 * width, true);
        linear(all, block + ".mlp.2", 4 * width, width, true);
        attention(all, block + ".attn");
        if (decoder) {
            attention(all, block + ".cross_attn");
        }
    }

    private void attention(Map<String, Tensor> all, String attention) {
        norm(all, attention + "_ln");
        linear(all, attention + ".query", width, width, true);
        linear(all, attention + ".key", width, width, false);
        linear(all, attention + ".value", width, width, true);
        linear(all, attention + ".out", width, width, true);
    }

    private void norm(Map<String, Tensor> all, String name) {
        add(all, name + ".weight", GgmlType.F32, width);
        add(all, name + ".bias", GgmlType.F32, width);
    }

    private void linear(Map<String, Tensor> all, String name, int in, int out, boolean bias) {
        add(all, name + ".weight", type, in, out);
        if (bias) {
            add(all, name + ".bias", GgmlType.F32, out);
        }
    }

    private static void add(Map<String, Tensor> all, String name, GgmlType type, Integer... dims) {
        all.put(name, new Tensor(name, List.of(dims), type));
    }
}
