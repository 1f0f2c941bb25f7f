package dev.parlo.engine.speech;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.parlo.engine.onnx.GraphParts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes tiny ONNX models with the interfaces of the published speech exports. A token with number
 * n lasts {@code max(1, round((1 + n / 20) / speed))} frames, each of whose samples is {@code n /
 * 256} times the first number of the style (or, for Piper, plus a tenth of the speaker's number),
 * so that a test can tell from every sample which token made it.
 */
public final class TinySpeechModels {
    public static final int KOKORO_HOP = 600;
    public static final int PIPER_HOP = 256;

    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("tiny");
    private int external;

    private TinySpeechModels() {}

    /** The variants of Kokoro exports. */
    public enum Family {
        /** kokoro-onnx: tokens, float speed, only audio. */
        A,
        /** hexgrad: input_ids, int32 speed, waveform and duration. */
        B,
        /** onnx-community: input_ids, float speed, waveform [1, N] and durations. */
        C,
        /** Family A in half precision. */
        A_HALF
    }

    /** Frames of a token. */
    public static int frames(int token, double speed) {
        return (int) Math.max(1, Math.rint((1 + (float) token / 20f) / (float) speed));
    }

    /** Writes a Kokoro-like model; with external data its constants lie in {@code NAME_data}. */
    public static void kokoro(Path file, Family family, boolean externalData) throws IOException {
        TinySpeechModels tiny = new TinySpeechModels();
        boolean half = family == Family.A_HALF;
        int floating = half ? 10 : 1;
        String ids = family == Family.A || half ? "tokens" : "input_ids";
        tiny.input(ids, 7, 1, -1);
        tiny.input("style", floating, 1, 256);
        tiny.input("speed", family == Family.B ? 6 : floating, 1);
        tiny.cast(ids, "ids_float", 1);
        tiny.cast("speed", "speed_float", 1);
        tiny.cast("style", "style_float", 1);
        tiny.constants();
        tiny.node("Squeeze", "flat", "ids_float", "axis0");
        tiny.node("Mul", "twentieths", "flat", "twentieth");
        tiny.node("Add", "longer", "twentieths", "one");
        tiny.node("Div", "paced", "longer", "speed_float");
        tiny.node("Round", "rounded", "paced");
        tiny.node("Clip", "clipped", "rounded", "one");
        tiny.node("Gather", "style_row", "style_float", "zero");
        tiny.node("Gather", "loudness", "style_row", "zero");
        tiny.node("Mul", "scaled", "flat", "fraction");
        tiny.node("Mul", "values", "scaled", "loudness");
        tiny.expand("clipped", "values", KOKORO_HOP);
        String audio = family == Family.A || half ? "audio" : "waveform";
        tiny.node("Reshape", "audio_float", "expanded", family == Family.C ? "row" : "line");
        tiny.cast("audio_float", audio, floating);
        tiny.output(audio, floating);
        if (family == Family.B) {
            tiny.cast("clipped", "duration", 7);
            tiny.output("duration", 7);
        } else if (family == Family.C) {
            tiny.node("Identity", "durations", "clipped");
            tiny.output("durations", 1);
        }
        tiny.write(file, externalData);
    }

    /** Writes a Piper-like model. */
    public static void piper(Path file, boolean speakers) throws IOException {
        TinySpeechModels tiny = new TinySpeechModels();
        tiny.input("input", 7, 1, -1);
        tiny.input("input_lengths", 7, 1);
        tiny.input("scales", 1, 3);
        tiny.cast("input", "ids_float", 1);
        tiny.constants();
        tiny.node("Squeeze", "flat", "ids_float", "axis0");
        tiny.node("Gather", "length_scale", "scales", "first");
        tiny.node("Mul", "twentieths", "flat", "twentieth");
        tiny.node("Add", "longer", "twentieths", "one");
        tiny.node("Mul", "paced", "longer", "length_scale");
        tiny.node("Ceil", "w_ceil", "paced");
        tiny.node("Mul", "scaled", "flat", "fraction");
        if (speakers) {
            tiny.input("sid", 7, 1);
            tiny.cast("sid", "sid_float", 1);
            tiny.node("Mul", "shift", "sid_float", "tenth");
            tiny.node("Add", "values", "scaled", "shift");
        } else {
            tiny.node("Identity", "values", "scaled");
        }
        tiny.expand("w_ceil", "values", PIPER_HOP);
        tiny.node("Reshape", "output", "expanded", "image");
        tiny.output("output", 1);
        tiny.write(file, false);
    }

    private void constants() {
        floats("twentieth", 1 / 20f);
        floats("one", 1f);
        floats("fraction", 1 / 256f);
        floats("tenth", 0.1f);
        graph.addInitializer(GraphParts.longs("axis0", 0));
        graph.addInitializer(GraphParts.longs("axis1", 1));
        graph.addInitializer(GraphParts.scalar("zero", 0));
        graph.addInitializer(GraphParts.scalar("first", 1));
        graph.addInitializer(GraphParts.scalar("unit", 1));
        graph.addInitializer(GraphParts.longs("line", -1));
        graph.addInitializer(GraphParts.longs("row", 1, -1));
        graph.addInitializer(GraphParts.longs("image", 1, 1, 1, -1));
    }

    /** Repeats each of {@code values} by its frames and each frame by the hop: "expanded". */
    private void expand(String durations, String values, int hop) {
        TensorProto.Builder ones = TensorProto.newBuilder().setName("hop").setDataType(1);
        ones.addDims(1).addDims(hop);
        for (int i = 0; i < hop; i++) {
            ones.addFloatData(1);
        }
        graph.addInitializer(ones);
        node("CumSum", "ends", durations, "zero");
        node("ReduceMax", "total_float", "ends");
        attribute("keepdims", 0);
        cast("total_float", "total", 7);
        node("Range", "frame", "zero", "total", "unit");
        cast("frame", "frame_float", 1);
        node("Unsqueeze", "frame_column", "frame_float", "axis1");
        node("LessOrEqual", "passed", "ends", "frame_column");
        cast("passed", "passed_float", 1);
        node("ReduceSum", "index_float", "passed_float", "axis1");
        attribute("keepdims", 0);
        cast("index_float", "index", 7);
        node("Gather", "frame_values", values, "index");
        node("Unsqueeze", "frame_values_column", "frame_values", "axis1");
        node("Mul", "expanded", "frame_values_column", "hop");
    }

    private void node(String operator, String output, String... inputs) {
        graph.addNode(GraphParts.node(operator, output, inputs));
    }

    private void attribute(String name, long value) {
        graph.getNodeBuilder(graph.getNodeCount() - 1)
                .addAttribute(
                        AttributeProto.newBuilder()
                                .setName(name)
                                .setType(AttributeProto.AttributeType.INT)
                                .setI(value));
    }

    private void cast(String from, String to, int type) {
        node("Cast", to, from);
        attribute("to", type);
    }

    private void floats(String name, float value) {
        byte[] raw = new byte[4];
        ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).putFloat(value);
        graph.addInitializer(
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(1)
                        .addDims(1)
                        .setRawData(ByteString.copyFrom(raw)));
    }

    private void input(String name, int type, long... dims) {
        graph.addInput(GraphParts.value(name, type, dims));
    }

    private void output(String name, int type) {
        graph.addOutput(GraphParts.valueOfAnyShape(name, type));
    }

    private void write(Path file, boolean externalData) throws IOException {
        if (externalData) {
            String dataName = file.getFileName() + "_data";
            ByteBuffer data = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
            for (TensorProto.Builder tensor : graph.getInitializerBuilderList()) {
                if (!tensor.hasRawData()) {
                    continue;
                }
                data.position((data.position() + 63) / 64 * 64);
                int offset = data.position();
                data.put(tensor.getRawData().toByteArray());
                tensor.clearRawData().setDataLocation(TensorProto.DataLocation.EXTERNAL);
                tensor.addExternalData(entry("location", dataName));
                tensor.addExternalData(entry("offset", Integer.toString(offset)));
                tensor.addExternalData(entry("length", Integer.toString(data.position() - offset)));
                external++;
            }
            Files.write(
                    file.resolveSibling(dataName),
                    java.util.Arrays.copyOf(data.array(), data.position()));
            if (external == 0) {
                throw new IllegalStateException("nothing lies outside");
            }
        }
        Files.write(file, GraphParts.model(graph, 17).toByteArray());
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
