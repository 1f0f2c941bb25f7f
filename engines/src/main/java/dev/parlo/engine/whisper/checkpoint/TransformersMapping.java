package dev.parlo.engine.whisper.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives weights with the Transformers library's names CTranslate2's names and shapes: queries, keys
 * and values are stacked, the keys' bias, which Whisper does not have, is zeros, and nothing is
 * scaled.
 */
final class TransformersMapping {
    private final Weights weights;
    private final TransformersConfig config;
    private final Map<String, Variable> variables = new HashMap<>();

    TransformersMapping(Weights weights, TransformersConfig config) {
        this.weights = weights;
        this.config = config;
    }

    /**
     * All variables.
     *
     * @param order the row of the embeddings by token
     * @throws dev.parlo.engine.EngineException of category BAD_MODEL for a tensor that is missing,
     *     or of another shape or type
     */
    Map<String, Variable> variables(int[] order) {
        int d = config.width();
        scalar("encoder/num_heads", config.heads());
        scalar("decoder/num_heads", config.heads());
        tensor("encoder/conv1/weight", "encoder.conv1.weight", d, config.melBands(), 3);
        tensor("encoder/conv1/bias", "encoder.conv1.bias", d);
        tensor("encoder/conv2/weight", "encoder.conv2.weight", d, d, 3);
        tensor("encoder/conv2/bias", "encoder.conv2.bias", d);
        for (String side : List.of("encoder", "decoder")) {
            boolean decoder = side.equals("decoder");
            tensor(
                    side + "/position_encodings/encodings",
                    side + ".embed_positions.weight",
                    decoder ? WhisperShape.TEXT_POSITIONS : WhisperShape.AUDIO_POSITIONS,
                    d);
            norm(side + "/layer_norm", side + ".layer_norm");
            int layers = decoder ? config.decoderLayers() : config.encoderLayers();
            for (int i = 0; i < layers; i++) {
                layer(side + "/layer_" + i, side + ".layers." + i, decoder);
            }
        }
        embeddings(order);
        return variables;
    }

    private void embeddings(int[] order) {
        int rows = config.vocabularySize();
        int d = config.width();
        Variable embeddings = required("decoder.embed_tokens.weight").as(rows, d);
        variables.put("decoder/embeddings/weight", selected(embeddings, order));
        weights.find("proj_out.weight")
                .map(output -> output.as(rows, d))
                // Files of tied models may hold the one matrix under both names.
                .filter(projection -> !projection.sameAs(embeddings))
                .ifPresent(projection ->
                        variables.put("decoder/projection/weight", selected(projection, order)));
    }

    private static Variable selected(Variable all, int[] order) {
        boolean asStored = order.length == all.rows();
        for (int i = 0; asStored && i < order.length; i++) {
            asStored = order[i] == i;
        }
        return asStored ? all : new SelectedRows(all, order);
    }

    private void layer(String name, String source, boolean decoder) {
        int d = config.width();
        int inner = config.feedForwardWidth();
        norm(name + "/self_attention/layer_norm", source + ".self_attn_layer_norm");
        stacked(name + "/self_attention/linear_0", source + ".self_attn", "q", "k", "v");
        linear(name + "/self_attention/linear_1", source + ".self_attn.out_proj", d, d);
        if (decoder) {
            norm(name + "/attention/layer_norm", source + ".encoder_attn_layer_norm");
            linear(name + "/attention/linear_0", source + ".encoder_attn.q_proj", d, d);
            stacked(name + "/attention/linear_1", source + ".encoder_attn", "k", "v");
            linear(name + "/attention/linear_2", source + ".encoder_attn.out_proj", d, d);
        }
        norm(name + "/ffn/layer_norm", source + ".final_layer_norm");
        linear(name + "/ffn/linear_0", source + ".fc1", inner, d);
        linear(name + "/ffn/linear_1", source + ".fc2", d, inner);
    }

    private void norm(String name, String source) {
        tensor(name + "/gamma", source + ".weight", config.width());
        tensor(name + "/beta", source + ".bias", config.width());
    }

    private void linear(String name, String source, int out, int in) {
        tensor(name + "/weight", source + ".weight", out, in);
        tensor(name + "/bias", source + ".bias", out);
    }

    private void stacked(String name, String source, String... projections) {
        int d = config.width();
        List<Variable> weights =
                List.of(projections).stream()
                        .<Variable>map(p -> required(source + "." + p + "_proj.weight").as(d, d))
                        .toList();
        List<Variable> biases =
                List.of(projections).stream()
                        .<Variable>map(p ->
                                p.equals("k")
                                        ? zeros(source + ".k_proj.bias")
                                        : required(source + "." + p + "_proj.bias").as(d))
                        .toList();
        variables.put(name + "/weight", new StackedVariable(name + "/weight", weights));
        variables.put(name + "/bias", new StackedVariable(name + "/bias", biases));
    }

    private StoredVariable zeros(String name) {
        int d = config.width();
        return new StoredVariable(
                name,
                new int[] {d},
                DataType.FLOAT32,
                MemorySegment.ofArray(new byte[d * Float.BYTES]),
                null);
    }

    private void scalar(String name, int value) {
        byte[] bytes =
                ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(value)
                        .array();
        variables.put(
                name,
                new StoredVariable(
                        name, new int[0], DataType.INT32, MemorySegment.ofArray(bytes), null));
    }

    private void tensor(String name, String source, int... shape) {
        variables.put(name, required(source).as(shape));
    }

    private Weights.Weight required(String name) {
        Optional<? extends Weights.Weight> weight = weights.find(name);
        if (weight.isEmpty()) {
            throw weights.missing(name);
        }
        return weight.get();
    }
}
