package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Placement;
import dev.parlo.engine.Segment;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.whisper.decode.DecodedWindow;
import dev.parlo.engine.whisper.tokenizer.WordSplitter;
import dev.parlo.engine.whisper.window.EncodedWindow;
import dev.parlo.engine.whisper.words.WordAligner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Compares the engine with what CTranslate2 and faster-whisper answered on the same recordings, and
 * prints the figures of {@code docs/accuracy.md}. Takes minutes, so it runs by {@code make parity}
 * and not with the other tests.
 */
class ParityRun {
    @TempDir private Path cache;
    private Golden golden;
    private JsonNode answers;

    @BeforeEach
    void open() {
        golden = new Golden(SharedFiles.find("golden/audio"));
        answers = Golden.read(SharedFiles.find("golden/golden.json"));
    }

    @AfterEach
    void close() {
        golden.close();
    }

    @Test
    void windowsAreCTranslate2s() {
        Map<String, Integer> prompts = new LinkedHashMap<>();
        prompts.put("greedy", 1);
        prompts.put("beam5", 5);
        prompts.put("greedy_timestamps", 1);
        prompts.put("beam5_timestamps", 5);
        try (Golden.Model model =
                new Golden.Model(SharedFiles.builtInModel(), ComputeType.FLOAT32, cache)) {
            int sot = model.tokens.tokenizer().vocabulary().startOfTranscript();
            int noTimestamps = model.tokens.ids().noTimestamps();
            Map<String, ParityTally> tokens = new LinkedHashMap<>();
            ParityTally scores = new ParityTally();
            ParityTally noSpeech = new ParityTally();
            ParityTally starts = new ParityTally();
            ParityTally probabilities = new ParityTally();
            WordAligner aligner =
                    new WordAligner(
                            new WordSplitter(model.tokens.tokenizer()),
                            model.tokens.tokenizer().vocabulary());
            for (JsonNode utterance : answers.get("utterances")) {
                String file = utterance.get("file").asString();
                JsonNode expected = utterance.get("ctranslate2");
                try (EncodedWindow window = model.encode(golden.window(file, 80))) {
                    for (Map.Entry<String, Integer> run : prompts.entrySet()) {
                        JsonNode answer = expected.get(run.getKey());
                        int[] prompt =
                                run.getKey().endsWith("timestamps")
                                        ? new int[] {sot}
                                        : new int[] {sot, noTimestamps};
                        DecodedWindow found =
                                window.decode(
                                        model.search(
                                                prompt,
                                                run.getValue(),
                                                448,
                                                model.defaultSuppressed()));
                        boolean same =
                                Arrays.equals(found.tokens(), Golden.ints(answer.get("ids")));
                        tokens.computeIfAbsent(run.getKey(), k -> new ParityTally()).add(same);
                        if (same) {
                            scores.add(
                                    SegmentParity.near(found.score(), answer.get("score"), 1e-3));
                        } else {
                            System.out.printf(
                                    Locale.ROOT,
                                    "%s %s: %s (%.5f) instead of %s (%.5f)%n",
                                    file,
                                    run.getKey(),
                                    model.tokens.tokenizer().decode(found.tokens()),
                                    found.score(),
                                    answer.get("text").asString(),
                                    answer.get("score").asDouble());
                        }
                        noSpeech.add(
                                SegmentParity.near(
                                        found.noSpeechProbability(),
                                        answer.get("no_speech_prob"),
                                        1e-3));
                    }
                    int[] text = Golden.ints(expected.get("beam5").get("ids"));
                    WordAligner.TokenTimes times =
                            aligner.tokenTimes(window, new int[] {sot}, text, 3000);
                    int[] expectedStarts = Golden.ints(expected.get("align").get("token_start"));
                    assertThat(times.starts()).hasSameSizeAs(expectedStarts);
                    for (int i = 0; i < expectedStarts.length; i++) {
                        starts.add(Math.abs(times.starts()[i] - expectedStarts[i]) <= 1);
                    }
                    JsonNode probs = expected.get("align").get("text_token_probs");
                    for (int i = 0; i < text.length; i++) {
                        probabilities.add(
                                SegmentParity.near(times.probabilities()[i], probs.get(i), 1e-3));
                    }
                }
            }
            tokens.forEach((run, tally) -> tally.report("utterances " + run + ": same tokens"));
            scores.report("scores within 1e-3");
            noSpeech.report("no-speech probabilities within 1e-3");
            starts.report("align: token starts within one position");
            probabilities.report("align: token probabilities within 1e-3");
            tokens.values()
                    .forEach(tally -> assertThat(tally.share()).isGreaterThanOrEqualTo(0.98));
            assertThat(scores.share()).isEqualTo(1);
            assertThat(starts.share()).isGreaterThanOrEqualTo(0.98);
        }
    }

    @Test
    void filesAreFasterWhispers() {
        compareFiles(run -> !run.startsWith("batched"), 1, "");
    }

    /** One window after another, and several in one step of the decoder. */
    @Test
    void batchesAreFasterWhispers() {
        compareFiles(run -> run.startsWith("batched"), 1, "");
        compareFiles(run -> run.startsWith("batched"), 4, " in shared steps");
    }

    private void compareFiles(Predicate<String> runs, int parallel, String how) {
        Map<String, ParityTally> segments = new LinkedHashMap<>();
        ParityTally words = new ParityTally();
        try (WhisperEngine engine =
                WhisperEngine.open(
                        SharedFiles.builtInModel(),
                        new WhisperEngineSettings(
                                ComputeType.FLOAT32,
                                Placement.Cpu.threads(2),
                                new Admission(parallel, 16),
                                Long.MAX_VALUE,
                                CacheFolder.at(cache),
                                cache),
                        new Cancellation())) {
            List<JsonNode> recordings = new ArrayList<>(Golden.list(answers.get("files")));
            recordings.addAll(Golden.list(answers.get("utterances")));
            for (JsonNode recording : recordings) {
                String file = recording.get("file").asString();
                JsonNode answered = recording.get("faster_whisper");
                for (String run : answered.propertyNames()) {
                    if (!runs.test(run)) {
                        continue;
                    }
                    List<Segment> found = new ArrayList<>();
                    double seconds =
                            engine.transcribe(
                                            golden.open(file),
                                            Golden.options(answered.get(run).get("options")),
                                            found::add,
                                            new Cancellation())
                                    .durationSeconds();
                    String group = (file.startsWith("u") ? "utterances " : "files ") + run + how;
                    ParityTally tally = segments.computeIfAbsent(group, k -> new ParityTally());
                    JsonNode expected = answered.get(run).get("segments");
                    if (run.startsWith("batched")) {
                        found = withoutWhatFasterWhisperLost(file + " " + run, found, expected);
                    }
                    SegmentParity.compare(
                            file + " " + run,
                            found,
                            expected,
                            ends(answered.get(run), seconds),
                            tally,
                            words);
                }
            }
        }
        segments.forEach((run, tally) -> tally.report(run + ": same segments"));
        words.report("words within 20 ms" + how);
        segments.forEach(
                (run, tally) -> assertThat(tally.share()).as(run).isGreaterThanOrEqualTo(0.95));
        assertThat(words.share()).isGreaterThanOrEqualTo(0.95);
    }

    /** Where the audio ends that a segment is heard in: its recording, or its chunk. */
    private static DoubleUnaryOperator ends(JsonNode run, double seconds) {
        JsonNode chunks = run.get("options").path("clip_timestamps");
        double end = Math.floor(seconds * 100) / 100; // whole mel frames
        return start -> {
            for (JsonNode chunk : chunks.isArray() ? Golden.list(chunks) : List.<JsonNode>of()) {
                if (start < chunk.get("end").asDouble()) {
                    return Math.min(end, chunk.get("end").asDouble());
                }
            }
            return end;
        };
    }

    /**
     * Where a window ends in a sentence without its last timestamp, faster-whisper's batches drop
     * that sentence. We hear it again from where it begins, which is more than it has.
     */
    private static List<Segment> withoutWhatFasterWhisperLost(
            String name, List<Segment> found, JsonNode expected) {
        List<Segment> both = new ArrayList<>();
        for (Segment segment : found) {
            JsonNode next = expected.get(both.size());
            if (next == null || segment.end() <= next.get("start").asDouble()) {
                System.out.printf(
                        Locale.ROOT,
                        "%s: only we have %.2f-%.2f %s%n",
                        name,
                        segment.start(),
                        segment.end(),
                        segment.text());
            } else {
                both.add(segment);
            }
        }
        return both;
    }

    @Test
    void layoutsAreCTranslate2s() {
        Map<String, ParityTally> tokens = new LinkedHashMap<>();
        ParityTally languages = new ParityTally();
        Map<String, List<JsonNode>> byModel = new LinkedHashMap<>();
        for (JsonNode entry : Golden.read(SharedFiles.find("golden/layouts.json"))) {
            byModel.computeIfAbsent(entry.get("model").asString(), k -> new ArrayList<>())
                    .add(entry);
        }
        for (Map.Entry<String, List<JsonNode>> entry : byModel.entrySet()) {
            Path folder = SharedFiles.find("models/test/" + entry.getKey());
            try (Golden.Model model = new Golden.Model(folder, ComputeType.FLOAT32, cache)) {
                int bands = model.network.shape().melBands();
                int[] suppressed =
                        model.network.config().suppressIds().stream()
                                .mapToInt(Integer::intValue)
                                .toArray();
                for (JsonNode answer : entry.getValue()) {
                    String file = answer.get("file").asString();
                    try (EncodedWindow window = model.encode(golden.window(file, bands))) {
                        for (JsonNode run : answer.get("runs")) {
                            DecodedWindow found =
                                    window.decode(
                                            model.search(
                                                    Golden.ints(run.get("prompt")),
                                                    run.get("beam_size").asInt(),
                                                    run.get("max_length").asInt(),
                                                    suppressed));
                            boolean same =
                                    Arrays.equals(found.tokens(), Golden.ints(run.get("ids")));
                            tokens.computeIfAbsent(entry.getKey(), k -> new ParityTally())
                                    .add(same);
                            if (!same) {
                                System.out.printf(
                                        Locale.ROOT,
                                        "%s %s beam %d: %s %.6f instead of %s %.6f%n",
                                        entry.getKey(),
                                        file,
                                        run.get("beam_size").asInt(),
                                        Arrays.toString(found.tokens()),
                                        found.score(),
                                        run.get("ids"),
                                        run.get("score").asDouble());
                            }
                        }
                        JsonNode expected = answer.path("languages");
                        if (expected.isArray()) {
                            Map<String, Double> found =
                                    new LanguageDetector(
                                                    model.tokens.tokenizer().vocabulary(),
                                                    List.of())
                                            .detect(window)
                                            .probabilities();
                            for (JsonNode pair : expected) {
                                String token = pair.get(0).asString();
                                String code = token.substring(2, token.length() - 2);
                                double p = found.getOrDefault(code, -1.0);
                                languages.add(SegmentParity.near(p, pair.get(1), 1e-3));
                            }
                        }
                    }
                }
            }
        }
        tokens.forEach((model, tally) -> tally.report("layout " + model + ": same tokens"));
        languages.report("language probabilities within 1e-3");
        tokens.forEach(
                (model, tally) -> assertThat(tally.share()).as(model).isGreaterThanOrEqualTo(0.95));
        assertThat(languages.share()).isEqualTo(1);
    }

    @Test
    void eightBitsHearAsWell() {
        double float32 = wordErrorRate(ComputeType.FLOAT32);
        double int8 = wordErrorRate(ComputeType.INT8);
        System.out.printf(
                Locale.ROOT,
                "PARITY word error rate of the utterances, beam 5: float32 %.2f %%, int8 %.2f %%"
                        + " (CTranslate2 float32: %.2f %%)%n",
                100 * float32,
                100 * int8,
                100 * answers.get("wer_beam5").asDouble());
        assertThat(int8).isLessThan(float32 + 0.005);
    }

    private double wordErrorRate(ComputeType type) {
        WordErrors errors = new WordErrors();
        try (Golden.Model model = new Golden.Model(SharedFiles.builtInModel(), type, cache)) {
            int[] prompt = {
                model.tokens.tokenizer().vocabulary().startOfTranscript(),
                model.tokens.ids().noTimestamps()
            };
            for (JsonNode utterance : answers.get("utterances")) {
                float[] mel = golden.window(utterance.get("file").asString(), 80);
                try (EncodedWindow window = model.encode(mel)) {
                    DecodedWindow found =
                            window.decode(model.search(prompt, 5, 448, model.defaultSuppressed()));
                    errors.add(
                            utterance.get("reference").asString(),
                            model.tokens.tokenizer().decode(found.tokens()));
                }
            }
        }
        return errors.rate();
    }
}
