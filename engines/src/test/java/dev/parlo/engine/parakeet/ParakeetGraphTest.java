package dev.parlo.engine.parakeet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.steps.NativeSteps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Graphs that are not what the published ones are, by their interface or by what they give. */
class ParakeetGraphTest {
    private static final String ENCODER = "encoder-model.onnx";
    private static final String DECODER = "decoder_joint-model.onnx";
    private static final long ROOMY = 64L << 30;

    @TempDir private Path folder;
    private final TinyParakeet tiny = new TinyParakeet(7);

    @BeforeEach
    void write() throws IOException {
        tiny.write(folder, "");
    }

    private void edit(String file, Consumer<GraphProto.Builder> change) throws IOException {
        Path path = folder.resolve(file);
        ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(path)).toBuilder();
        change.accept(model.getGraphBuilder());
        Files.write(path, model.build().toByteArray());
    }

    private static void rename(GraphProto.Builder graph, String output, String other) {
        graph.getOutputBuilderList().stream()
                .filter(value -> value.getName().equals(output))
                .forEach(value -> value.setName(other));
        graph.getNodeBuilderList()
                .forEach(node -> {
                    for (int i = 0; i < node.getOutputCount(); i++) {
                        if (node.getOutput(i).equals(output)) {
                            node.setOutput(i, other);
                        }
                    }
                });
    }

    private static NodeProto node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .addOutput(output)
                .addAllInput(List.of(inputs))
                .build();
    }

    private void refused(String message) {
        assertThatThrownBy(() -> new ParakeetModel(folder, 1, ROOMY, new NativeSteps()).close())
                .isInstanceOfSatisfying(
                        EngineException.class,
                        broken -> assertThat(broken.category()).isEqualTo(Category.BAD_MODEL))
                .hasMessageContaining(message)
                .hasMessageNotContaining(folder.toString());
    }

    @Test
    void aGraphThatGivesOtherOutputsIsRefusedWhenItIsLoaded() throws IOException {
        edit(ENCODER, graph -> rename(graph, "outputs", "encoded"));
        refused("gives no output outputs");
        write();
        edit(ENCODER, graph -> rename(graph, "encoded_lengths", "lengths"));
        refused("gives no output encoded_lengths");
        write();
        edit(DECODER, graph -> rename(graph, "output_states_1", "kept_state"));
        refused("gives no output output_states_1");
    }

    @Test
    void aGraphThatWantsMoreThanIsGivenIsRefusedWhenItIsLoaded() throws IOException {
        edit(
                ENCODER,
                graph ->
                        graph.addInput(graph.getInput(0).toBuilder().setName("speaker_embedding")));
        refused("speaker_embedding");
        write();
        edit(DECODER, graph -> graph.addInput(graph.getInput(1).toBuilder().setName("prompt")));
        refused("prompt");
    }

    @Test
    void aVocabularyThatDoesNotFitTheScoresIsRefusedWhenItIsLoaded() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            lines.append('x').append(i).append(' ').append(i).append('\n');
        }
        Files.writeString(folder.resolve("vocab.txt"), lines + "<blk> 40\n");
        refused("vocab.txt");
        Files.writeString(folder.resolve("vocab.txt"), "a 0\n<blk> 1\n");
        // 12 durations: no model has other numbers than those that follow its pieces
        new ParakeetModel(folder, 1, ROOMY, new NativeSteps()).close();
    }

    @Test
    void statesForAFixedNumberOfChunksAreRefusedWhenTheyAreLoaded() throws IOException {
        new TinyParakeet(7, 5).write(folder, "");
        refused("5 chunks at a time");
    }

    private static float[] noise(long seed, double seconds) {
        Random random = new Random(seed);
        float[] samples = new float[(int) (seconds * 16_000)];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) ((random.nextDouble() - 0.5) * 0.2);
        }
        return samples;
    }

    /** What lies behind a chunk's end is no part of its answer, whatever a network makes of it. */
    @Test
    void numbersBehindAChunksEndMayBeAnything() throws IOException {
        edit(
                ENCODER,
                graph -> {
                    rename(graph, "outputs", "sliced");
                    graph.getOutputBuilder(0).setName("outputs");
                    graph.addNode(node("Div", "one_or_nan", "sliced", "sliced"));
                    graph.addNode(node("Mul", "outputs", "sliced", "one_or_nan"));
                });
        try (ParakeetModel model = new ParakeetModel(folder, 1, ROOMY, new NativeSteps())) {
            List<float[]> chunks = List.of(noise(1, 1.5), noise(2, 3));
            List<List<TimedToken>> heard =
                    model.transcribe(chunks, new Cancellation(), index -> false);
            List<List<Integer>> expected = new ArrayList<>();
            chunks.forEach(chunk ->
                    expected.add(tiny.tokens(chunk).stream().map(TimedToken::id).toList()));
            assertThat(heard.stream().map(of -> of.stream().map(TimedToken::id).toList()))
                    .isEqualTo(expected);
        }
    }

    @Test
    void numbersThatAreNoneWithinAChunkAreTheModelsFault() throws IOException {
        edit(
                DECODER,
                graph -> {
                    rename(graph, "outputs", "fine");
                    graph.getOutputBuilderList().stream()
                            .filter(value -> value.getName().equals("fine"))
                            .forEach(value -> value.setName("outputs"));
                    graph.addNode(node("Sub", "zero", "fine", "fine"));
                    graph.addNode(node("Div", "outputs", "zero", "zero"));
                });
        try (ParakeetModel model = new ParakeetModel(folder, 1, ROOMY, new NativeSteps())) {
            assertThatThrownBy(() ->
                            model.transcribe(
                                    List.of(noise(1, 1)), new Cancellation(), index -> false))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            broken -> assertThat(broken.category()).isEqualTo(Category.BAD_MODEL));
        }
    }

    @Test
    void whatIsComputedTogetherTakesNoMoreThanItsShareOfTheMemory() {
        try (ParakeetModel model = new ParakeetModel(folder, 1, ROOMY, new NativeSteps());
                ParakeetModel small = new ParakeetModel(folder, 1, 1L << 30, new NativeSteps())) {
            assertThat(model.mostTogether()).isEqualTo(8);
            assertThat(small.mostTogether()).isEqualTo(2);
            long idle = model.bytes();
            List<Long> busy = new ArrayList<>();
            model.transcribe(
                    List.of(noise(1, 20)),
                    new Cancellation(),
                    index -> busy.add(model.bytes()) && false);
            assertThat(busy.getFirst() - idle).isBetween(100L << 20, 200L << 20);
            assertThat(model.bytes()).isEqualTo(idle);
        }
    }
}
