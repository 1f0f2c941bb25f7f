package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Word;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.PcmAudio;
import dev.parlo.engine.whisper.decode.DecodedWindow;
import dev.parlo.engine.whisper.decode.WindowSearch;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.tokenizer.WordSplitter;
import dev.parlo.engine.whisper.window.EncodedWindow;
import dev.parlo.engine.whisper.window.WindowsTogether;
import dev.parlo.engine.whisper.words.WordAligner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The built-in model on a few recordings against the reference's own answers. */
@Tag("locale")
class GoldenTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden");

    @TempDir private static Path cache;
    private static Golden golden;
    private static List<JsonNode> utterances;
    private static Golden.Model model;

    @BeforeAll
    static void load() {
        golden = new Golden(FOLDER);
        utterances = Golden.list(Golden.read(FOLDER.resolve("golden.json")).get("utterances"));
        model = new Golden.Model(SharedFiles.builtInModel(), ComputeType.FLOAT32, cache);
    }

    @AfterAll
    static void close() {
        model.close();
        golden.close();
    }

    @Test
    void tokensAndScoresAreCTranslate2s() {
        for (JsonNode utterance : utterances) {
            String file = utterance.get("file").asString();
            try (EncodedWindow window = model.encode(golden.window(file, 80))) {
                for (String run :
                        List.of("greedy", "beam5", "greedy_timestamps", "beam5_timestamps")) {
                    JsonNode answer = utterance.get("ctranslate2").get(run);
                    DecodedWindow found =
                            window.decode(
                                    search(run.startsWith("beam"), run.endsWith("timestamps")));
                    assertThat(found.tokens()).as(file + " " + run).isEqualTo(ids(answer));
                    assertThat(found.score())
                            .isEqualTo(answer.get("score").asDouble(), offset(1e-3));
                    assertThat(found.noSpeechProbability())
                            .isEqualTo(answer.get("no_speech_prob").asDouble(), offset(1e-3));
                }
            }
        }
    }

    @Test
    void tokensAreFoundWhereCTranslate2FindsThem() {
        WordAligner aligner =
                new WordAligner(
                        new WordSplitter(model.tokens.tokenizer()),
                        model.tokens.tokenizer().vocabulary());
        int[] start = {model.tokens.tokenizer().vocabulary().startOfTranscript()};
        for (JsonNode utterance : utterances) {
            JsonNode expected = utterance.get("ctranslate2");
            float[] mel = golden.window(utterance.get("file").asString(), 80);
            try (EncodedWindow window = model.encode(mel)) {
                WordAligner.TokenTimes times =
                        aligner.tokenTimes(window, start, ids(expected.get("beam5")), 3000);
                int[] starts = Golden.ints(expected.get("align").get("token_start"));
                assertThat(times.starts()).hasSameSizeAs(starts);
                for (int i = 0; i < starts.length; i++) {
                    assertThat(times.starts()[i]).isBetween(starts[i] - 1, starts[i] + 1);
                }
            }
        }
    }

    @Test
    void segmentsAndWordsAreFasterWhispers() {
        try (WhisperEngine engine =
                WhisperEngine.open(
                        SharedFiles.builtInModel(),
                        WhisperEngineSettings.of(ComputeType.FLOAT32, 2, cache),
                        new Cancellation())) {
            for (JsonNode utterance : utterances) {
                JsonNode run = utterance.get("faster_whisper").get("words");
                List<Segment> found = new ArrayList<>();
                engine.transcribe(
                        golden.open(utterance.get("file").asString()),
                        Golden.options(run.get("options")),
                        found::add,
                        new Cancellation());
                assertThat(found).hasSize(run.get("segments").size());
                for (Segment segment : found) {
                    compare(segment, run.get("segments").get(segment.id() - 1));
                }
            }
        }
    }

    /** The promise of the step interface, on the real runtime. */
    @Tag("once")
    @Test
    void aWindowAloneAndAmongSevenOthersGivesTheSameTokens() {
        try (DecodeArena arena = model.network.openArena(8)) {
            List<WindowSearch> together = new ArrayList<>();
            for (int slot = 0; slot < 8; slot++) {
                String file = utterances.get(slot % utterances.size()).get("file").asString();
                arena.encoder().encode(golden.window(file, 80), slot);
                together.add(mixed(slot));
            }
            WindowsTogether.run(arena.step(), together, new Cancellation());
            for (int slot = 0; slot < 8; slot++) {
                WindowSearch search = mixed(slot);
                WindowsTogether.runAlone(arena.step(), slot, search);
                DecodedWindow alone = search.result();
                DecodedWindow among = together.get(slot).result();
                assertThat(among.tokens()).as("window " + slot).isEqualTo(alone.tokens());
                assertThat(among.score()).isEqualTo(alone.score(), offset(1e-4));
            }
        }
    }

    /** Files of several requests at a time, on the real runtime, each as when it is alone. */
    @Tag("once")
    @Test
    void requestsThatShareEveryStepSayWhatTheySayAlone() {
        try (WhisperEngine alone = engine(1);
                WhisperEngine shared = engine(4);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<List<Segment>>> together = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int request = i;
                together.add(
                        CompletableFuture.supplyAsync(() -> transcribe(shared, request), callers));
            }
            for (int i = 0; i < 8; i++) {
                List<Segment> expected = transcribe(alone, i);
                List<Segment> found = together.get(i).join();
                assertThat(found).hasSameSizeAs(expected).isNotEmpty();
                for (int j = 0; j < found.size(); j++) {
                    assertThat(found.get(j).tokens()).isEqualTo(expected.get(j).tokens());
                    assertThat(found.get(j).words()).isEqualTo(expected.get(j).words());
                    assertThat(found.get(j).averageLogProbability())
                            .isEqualTo(expected.get(j).averageLogProbability(), offset(1e-4));
                }
            }
        }
    }

    /** Windows of one request that share every step, each as when it is alone. */
    @Tag("once")
    @Test
    void windowsOfABatchSayWhatTheySayAlone() {
        try (WhisperEngine alone = engine(1);
                WhisperEngine shared = engine(4)) {
            for (boolean words : new boolean[] {false, true}) {
                List<Segment> expected = batch(alone, words);
                List<Segment> found = batch(shared, words);
                assertThat(found).hasSameSizeAs(expected).hasSizeGreaterThan(3);
                for (int i = 0; i < found.size(); i++) {
                    Segment segment = found.get(i);
                    assertThat(segment.tokens()).isEqualTo(expected.get(i).tokens());
                    assertThat(segment.words()).isEqualTo(expected.get(i).words());
                    assertThat(segment.start()).isEqualTo(expected.get(i).start());
                    assertThat(segment.end()).isEqualTo(expected.get(i).end());
                    assertThat(segment.id()).isEqualTo(i + 1);
                }
            }
        }
    }

    /** Several recordings as the clips of one. */
    private static List<Segment> batch(WhisperEngine engine, boolean words) {
        List<float[]> recordings = new ArrayList<>();
        List<Double> clips = new ArrayList<>();
        int samples = 0;
        for (JsonNode utterance : utterances) {
            float[] recording = new float[16_000 * 20];
            int length = 0;
            try (AudioSource.Reader reader = golden.open(utterance.get("file").asString()).open()) {
                float[] block = new float[1600];
                for (int count = reader.read(block); count > 0; count = reader.read(block)) {
                    System.arraycopy(block, 0, recording, length, count);
                    length += count;
                }
            }
            recordings.add(Arrays.copyOf(recording, length));
            clips.add(samples / 16_000.0);
            samples += length;
            clips.add(samples / 16_000.0);
        }
        float[] all = new float[samples];
        int at = 0;
        for (float[] recording : recordings) {
            System.arraycopy(recording, 0, all, at, recording.length);
            at += recording.length;
        }
        List<Segment> found = new ArrayList<>();
        engine.transcribe(
                new PcmAudio(all),
                TranscribeOptions.builder()
                        .batchSize(8)
                        .wordTimestamps(words)
                        .clipTimestamps(clips)
                        .build(),
                found::add,
                new Cancellation());
        return found;
    }

    private static WhisperEngine engine(int parallel) {
        return BuiltInEngine.open(new Admission(parallel, 16), cache);
    }

    private static List<Segment> transcribe(WhisperEngine engine, int request) {
        String file = utterances.get(request % utterances.size()).get("file").asString();
        TranscribeOptions options =
                TranscribeOptions.builder()
                        .beamSize(request % 3 == 0 ? 1 : 5)
                        .wordTimestamps(request % 2 == 0)
                        .build();
        List<Segment> segments = new ArrayList<>();
        engine.transcribe(golden.open(file), options, segments::add, new Cancellation());
        return segments;
    }

    /** Searches that differ in width, in prompt length and in rules. */
    private static WindowSearch mixed(int slot) {
        var vocabulary = model.tokens.tokenizer().vocabulary();
        int[] previous = new int[slot * 5];
        java.util.Arrays.setAll(previous, i -> 300 + 7 * i + slot);
        List<Integer> prompt = new ArrayList<>();
        if (slot > 0) {
            prompt.add(vocabulary.startOfPrevious());
            for (int id : previous) {
                prompt.add(id);
            }
        }
        prompt.add(vocabulary.startOfTranscript());
        if (slot % 3 == 0) {
            prompt.add(vocabulary.noTimestamps());
        }
        return model.search(
                prompt.stream().mapToInt(Integer::intValue).toArray(),
                slot % 2 == 0 ? 5 : 1,
                448,
                model.defaultSuppressed());
    }

    private static WindowSearch search(boolean beam, boolean timestamps) {
        int sot = model.tokens.tokenizer().vocabulary().startOfTranscript();
        int[] prompt =
                timestamps ? new int[] {sot} : new int[] {sot, model.tokens.ids().noTimestamps()};
        return model.search(prompt, beam ? 5 : 1, 448, model.defaultSuppressed());
    }

    private static void compare(Segment segment, JsonNode expected) {
        assertThat(segment.text()).isEqualTo(expected.get("text").asString());
        assertThat(segment.tokens()).isEqualTo(Golden.ints(expected.get("tokens")));
        assertThat(segment.averageLogProbability())
                .isEqualTo(expected.get("avg_logprob").asDouble(), offset(1e-3));
        assertThat(segment.compressionRatio())
                .isEqualTo(expected.get("compression_ratio").asDouble(), offset(1e-6));
        List<Word> words = java.util.Objects.requireNonNull(segment.words());
        assertThat(words).hasSize(expected.get("words").size());
        for (int i = 0; i < expected.get("words").size(); i++) {
            Word word = words.get(i);
            JsonNode answer = expected.get("words").get(i);
            assertThat(word.text()).isEqualTo(answer.get("word").asString());
            assertThat(word.start()).isEqualTo(answer.get("start").asDouble(), offset(0.0201));
            assertThat(word.end()).isEqualTo(answer.get("end").asDouble(), offset(0.0201));
        }
    }

    private static int[] ids(JsonNode answer) {
        return Golden.ints(answer.get("ids"));
    }
}
