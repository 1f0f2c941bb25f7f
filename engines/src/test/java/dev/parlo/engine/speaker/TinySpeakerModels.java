package dev.parlo.engine.speaker;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.parlo.engine.onnx.GraphParts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Writes small ONNX models with the interfaces of the published ones for speakers, whose weights
 * are chosen so that the answer is known: they hear the {@link ToneVoices}.
 */
public final class TinySpeakerModels {
    private static final int FIELD = 991;
    private static final int HOP = 270;

    /** The amplitude from which on a voice counts as speaking. */
    private static final double AUDIBLE = 0.015;

    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("tiny");

    private TinySpeakerModels() {}

    /** A folder as the Hub has it of a segmentation model. */
    public static void segmentationFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"pyannet\"}");
        Files.writeString(
                folder.resolve("README.md"), "---\ntags:\n- speaker-diarization\n- onnx\n---\n");
        segmentation(folder.resolve("model.onnx"));
    }

    /** A folder as the Hub has it of an embedding model. */
    public static void embeddingFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"wespeaker-resnet\"}");
        Files.writeString(
                folder.resolve("README.md"), "---\ntags:\n- speaker-embedding\n- onnx\n---\n");
        embedding(folder.resolve("model.onnx"));
    }

    /**
     * Segmentation of {@code input_values} [batch, 1, samples]: local speaker k speaks where voice
     * k of the first three is audible in the frame's 991 samples.
     */
    public static void segmentation(Path file) throws IOException {
        TinySpeakerModels tiny = new TinySpeakerModels();
        tiny.input("input_values", -1, 1, -1);
        int voices = 3;
        float[] kernels = new float[voices * 2 * FIELD];
        for (int v = 0; v < voices; v++) {
            for (int i = 0; i < FIELD; i++) {
                double phase = 2 * Math.PI * ToneVoices.HERTZ[v] * i / 16_000;
                kernels[2 * v * FIELD + i] = (float) (Math.cos(phase) * 2 / FIELD);
                kernels[(2 * v + 1) * FIELD + i] = (float) (Math.sin(phase) * 2 / FIELD);
            }
        }
        tiny.floats("kernels", kernels, voices * 2, 1, FIELD);
        tiny.node("Conv", "projected", "input_values", "kernels");
        tiny.attribute("strides", new long[] {HOP});
        tiny.node("Mul", "energies", "projected", "projected");
        // The score of a set is the sum over its members of their energy above the threshold.
        int[][] sets = {{}, {0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}};
        float[] members = new float[sets.length * voices * 2];
        float[] bias = new float[sets.length];
        for (int s = 0; s < sets.length; s++) {
            for (int v : sets[s]) {
                members[(s * voices + v) * 2] = 1000;
                members[(s * voices + v) * 2 + 1] = 1000;
                bias[s] -= (float) (1000 * AUDIBLE * AUDIBLE);
            }
        }
        tiny.floats("members", members, sets.length, voices * 2, 1);
        tiny.floats("bias", bias, sets.length);
        tiny.node("Conv", "scores", "energies", "members", "bias");
        tiny.node("Transpose", "transposed", "scores");
        tiny.attribute("perm", new long[] {0, 2, 1});
        tiny.node("LogSoftmax", "logits", "transposed");
        tiny.output("logits");
        tiny.write(file);
    }

    /**
     * Embedding of {@code input_features} [batch, frames, 80]: which bins vary more than noise
     * does, in 256 numbers.
     */
    public static void embedding(Path file) throws IOException {
        embedding(file, 0);
    }

    /** The same network, which divides what it gives by zero. */
    public static void brokenEmbedding(Path file) throws IOException {
        embedding(file, Float.NaN);
    }

    private static void embedding(Path file, float added) throws IOException {
        TinySpeakerModels tiny = new TinySpeakerModels();
        tiny.input("input_features", -1, -1, 80);
        tiny.node("ReduceMean", "mean", "input_features");
        tiny.attribute("axes", new long[] {1});
        tiny.node("Sub", "centred", "input_features", "mean");
        tiny.node("Mul", "squares", "centred", "centred");
        tiny.node("ReduceMean", "variance", "squares");
        tiny.attribute("axes", new long[] {1});
        tiny.attribute("keepdims", 0);
        tiny.node("Sqrt", "deviation", "variance");
        tiny.floats("noise", new float[] {1.5f}, 1);
        tiny.node("Sub", "above", "deviation", "noise");
        tiny.node("Relu", "heard", "above");
        Random random = new Random(7);
        float[] projection = new float[80 * 256];
        for (int i = 0; i < projection.length; i++) {
            projection[i] = (float) random.nextGaussian();
        }
        tiny.floats("projection", projection, 80, 256);
        tiny.node("MatMul", "projected", "heard", "projection");
        tiny.floats("added", new float[] {added}, 1);
        tiny.node("Add", "last_hidden_state", "projected", "added");
        tiny.output("last_hidden_state");
        tiny.write(file);
    }

    /**
     * The older interface: {@code waveform} [1, samples] to 512 numbers, of the sample's energy.
     */
    public static void waveformEmbedding(Path file) throws IOException {
        TinySpeakerModels tiny = new TinySpeakerModels();
        tiny.input("waveform", 1, -1);
        tiny.node("Mul", "squares", "waveform", "waveform");
        tiny.node("ReduceMean", "energy", "squares");
        tiny.attribute("axes", new long[] {1});
        float[] projection = new float[512];
        java.util.Arrays.fill(projection, 1);
        tiny.floats("projection", projection, 1, 512);
        tiny.node("MatMul", "embedding", "energy", "projection");
        tiny.output("embedding");
        tiny.write(file);
    }

    /** A network that does nothing, with an input of any shape. */
    public static void identity(Path file, long... shape) throws IOException {
        TinySpeakerModels tiny = new TinySpeakerModels();
        tiny.input("x", shape);
        tiny.node("Identity", "y", "x");
        tiny.output("y");
        tiny.write(file);
    }

    private void node(String operator, String output, String... inputs) {
        graph.addNode(GraphParts.node(operator, output, inputs));
    }

    private void attribute(String name, long value) {
        attribute(
                AttributeProto.newBuilder()
                        .setName(name)
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(value));
    }

    private void attribute(String name, long[] values) {
        AttributeProto.Builder list =
                AttributeProto.newBuilder()
                        .setName(name)
                        .setType(AttributeProto.AttributeType.INTS);
        for (long value : values) {
            list.addInts(value);
        }
        attribute(list);
    }

    private void attribute(AttributeProto.Builder attribute) {
        graph.getNodeBuilder(graph.getNodeCount() - 1).addAttribute(attribute);
    }

    private void floats(String name, float[] values, long... dims) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(1);
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        for (float value : values) {
            tensor.addFloatData(value);
        }
        graph.addInitializer(tensor);
    }

    private void input(String name, long... dims) {
        graph.addInput(GraphParts.value(name, 1, dims));
    }

    private void output(String name) {
        graph.addOutput(GraphParts.valueOfAnyShape(name, 1));
    }

    private void write(Path file) throws IOException {
        Files.write(file, GraphParts.model(graph, 13).toByteArray());
    }
}
