package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.Placement;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Word;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.cuda.Gpus;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import dev.parlo.engine.whisper.cpu.CapiNetwork;
import dev.parlo.engine.whisper.cuda.CudaNetwork;
import dev.parlo.engine.whisper.decode.DecodedWindow;
import dev.parlo.engine.whisper.graph.SelfAttention;
import dev.parlo.engine.whisper.window.EncodedWindow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The ways to the same network: ONNX Runtime by its Java API, the same graphs by its C API, and the
 * graphs of a GPU, with either way to attend, by the C API on the processor's memory. Each says the
 * same tokens, which are the reference's.
 */
class ThreePathsTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden");
    private static final List<String> RUNS =
            List.of("greedy", "beam5", "greedy_timestamps", "beam5_timestamps");

    @TempDir private static Path cache;
    private static Golden golden;
    private static Gpus gpus;
    private static List<JsonNode> utterances;

    @BeforeAll
    static void load() {
        golden = new Golden(FOLDER);
        utterances = Golden.list(Golden.read(FOLDER.resolve("golden.json")).get("utterances"));
        gpus = Gpus.onHost(4L << 30);
    }

    @AfterAll
    static void close() {
        gpus.close();
        golden.close();
    }

    private static Golden.Model java() {
        return new Golden.Model(SharedFiles.builtInModel(), ComputeType.FLOAT32, cache);
    }

    private static Golden.Model capi() {
        Path checkpoint = SharedFiles.builtInModel();
        return new Golden.Model(
                checkpoint, new CapiNetwork(checkpoint, ComputeType.FLOAT32, weights()), cache);
    }

    private static Golden.Model device(SelfAttention attention) {
        Path checkpoint = SharedFiles.builtInModel();
        return new Golden.Model(
                checkpoint,
                CudaNetwork.load(
                        checkpoint,
                        ComputeType.FLOAT32,
                        attention,
                        weights(),
                        gpus.get(0),
                        new Cancellation()),
                cache);
    }

    private static WeightCache weights() {
        return new WeightCache(CacheFolder.at(cache));
    }

    @Test
    void allThreeSayTheReferencesTokens() {
        try (Golden.Model java = java();
                Golden.Model capi = capi();
                Golden.Model grouped = device(SelfAttention.GROUPED);
                Golden.Model scattered = device(SelfAttention.SCATTERED)) {
            for (JsonNode utterance : utterances) {
                float[] mel = golden.window(utterance.get("file").asString(), 80);
                List<DecodedWindow> first = decode(java, mel);
                for (List<DecodedWindow> path :
                        List.of(
                                first,
                                decode(capi, mel),
                                decode(grouped, mel),
                                decode(scattered, mel))) {
                    for (int i = 0; i < RUNS.size(); i++) {
                        JsonNode answer = utterance.get("ctranslate2").get(RUNS.get(i));
                        DecodedWindow found = path.get(i);
                        assertThat(found.tokens())
                                .as(utterance.get("file").asString() + " " + RUNS.get(i))
                                .isEqualTo(Golden.ints(answer.get("ids")));
                        assertThat(found.score()).isEqualTo(first.get(i).score(), offset(1e-5));
                        assertThat(found.noSpeechProbability())
                                .isEqualTo(first.get(i).noSpeechProbability(), offset(1e-5));
                    }
                }
            }
        }
    }

    private static List<DecodedWindow> decode(Golden.Model model, float[] mel) {
        int sot = model.tokens.tokenizer().vocabulary().startOfTranscript();
        List<DecodedWindow> found = new ArrayList<>();
        try (EncodedWindow window = model.encode(mel)) {
            for (String run : RUNS) {
                int[] prompt =
                        run.endsWith("timestamps")
                                ? new int[] {sot}
                                : new int[] {sot, model.tokens.ids().noTimestamps()};
                int beams = run.startsWith("beam") ? 5 : 1;
                found.add(
                        window.decode(model.search(prompt, beams, 448, model.defaultSuppressed())));
            }
        }
        return found;
    }

    /** From the file to words with times, by the engine that a GPU has. */
    @Test
    void anEngineOnTheDeviceSaysWhatTheProcessorsSays() {
        try (WhisperEngine processor = engine(Placement.Cpu.threads(1));
                WhisperEngine device = engine(new Placement.Cuda(0))) {
            assertThat(device.facts().placement().label()).isEqualTo("cuda:0");
            assertThat(device.facts().deviceBytes()).isPositive();
            // Here every node is the processor's: what is shown is that the library is asked.
            assertThat(device.facts().nodes())
                    .as("counted at the load")
                    .containsOnlyKeys("CPUExecutionProvider")
                    .hasEntrySatisfying(
                            "CPUExecutionProvider", count -> assertThat(count).isGreaterThan(100));
            assertThat(device.nativeBytes()).as("of the process").isZero();
            for (JsonNode utterance : utterances) {
                List<Segment> expected = transcribe(processor, utterance);
                List<Segment> found = transcribe(device, utterance);
                assertThat(found).hasSameSizeAs(expected).isNotEmpty();
                for (int i = 0; i < found.size(); i++) {
                    assertThat(found.get(i).tokens()).isEqualTo(expected.get(i).tokens());
                    compare(words(found.get(i)), words(expected.get(i)));
                }
            }
        }
    }

    @Test
    void aLoadThatFindsTooLittleMemoryForAWindowSaysSoAndLeavesNothingBehind() {
        long capacity;
        try (CudaNetwork network =
                CudaNetwork.load(
                        SharedFiles.builtInModel(),
                        ComputeType.FLOAT32,
                        weights(),
                        gpus.get(0),
                        new Cancellation())) {
            capacity = network.weightBytes() + network.slotBytes() / 2;
        }
        try (Gpus small = Gpus.onHost(capacity)) {
            long free = small.get(0).freeBytes();
            assertThatThrownBy(() -> engine(new Placement.Cuda(0), small))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e ->
                                    assertThat(e.category())
                                            .isEqualTo(EngineException.Category.NO_SPACE));
            assertThat(small.get(0).freeBytes()).isEqualTo(free);
        }
    }

    private static List<Word> words(Segment segment) {
        return Objects.requireNonNull(segment.words());
    }

    private static void compare(List<Word> found, List<Word> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).text()).isEqualTo(expected.get(i).text());
            assertThat(found.get(i).start()).isEqualTo(expected.get(i).start());
            assertThat(found.get(i).end()).isEqualTo(expected.get(i).end());
            assertThat(found.get(i).probability())
                    .isEqualTo(expected.get(i).probability(), offset(1e-4));
        }
    }

    private static WhisperEngine engine(Placement placement) {
        return engine(placement, gpus);
    }

    private static WhisperEngine engine(Placement placement, Gpus gpus) {
        return WhisperEngine.open(
                SharedFiles.builtInModel(),
                new WhisperEngineSettings(
                        ComputeType.FLOAT32,
                        placement,
                        new Admission(1, 16),
                        Long.MAX_VALUE,
                        CacheFolder.at(cache),
                        cache,
                        gpus,
                        0),
                new Cancellation());
    }

    private static List<Segment> transcribe(WhisperEngine engine, JsonNode utterance) {
        List<Segment> segments = new ArrayList<>();
        engine.transcribe(
                golden.open(utterance.get("file").asString()),
                TranscribeOptions.builder().wordTimestamps(true).build(),
                segments::add,
                new Cancellation());
        return segments;
    }
}
