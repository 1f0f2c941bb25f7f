package dev.parlo.engine.ggml;

import static dev.parlo.engine.ggml.ScriptedGgml.PLAIN;
import static dev.parlo.engine.ggml.ScriptedGgml.TIMESTAMPS;
import static dev.parlo.engine.ggml.ScriptedGgml.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.ggml.ScriptedGgml.Run;
import dev.parlo.engine.vad.BlockSource;
import dev.parlo.engine.vad.LoudnessDetector;
import dev.parlo.engine.vad.SpeechAudio;
import dev.parlo.engine.vad.VadOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the engine makes of the {@linkplain ScriptedGgml scripted models}. */
@Tag("locale")
class GgmlWhisperEngineTest {
    @TempDir static Path folder;
    private static GgmlWhisperEngine shared;

    @BeforeAll
    static void writeModels() throws IOException {
        shared = ScriptedGgml.open(ScriptedGgml.multilingual(folder));
    }

    @AfterAll
    static void close() {
        shared.close();
    }

    @Test
    void windowsFollowTheLastSegmentsEndAndTimesAreOfTheWholeAudio() {
        Run run = run(shared, 10, PLAIN);
        assertThat(run.segments())
                .extracting(Segment::text)
                .containsExactly(" w1 w2", " w3", " w1 w2", " w3", " w1 w2");
        assertThat(run.segments())
                .extracting(Segment::start)
                .containsExactly(0.0, 2.0, 4.0, 6.0, 8.0);
        assertThat(run.segments())
                .extracting(Segment::end)
                .containsExactly(2.0, 4.0, 6.0, 8.0, 10.0);
        assertThat(run.segments()).extracting(Segment::id).containsExactly(1, 2, 3, 4, 5);
        assertThat(run.segments()).extracting(Segment::seek).containsExactly(0, 0, 400, 400, 800);
        assertThat(run.transcript().durationSeconds()).isEqualTo(10);
    }

    @Test
    void tokensAndProbabilitiesComeFromTheModel() {
        Segment first =
                run(shared, 5, PLAIN.toBuilder().tokenLogProbabilities(true).build())
                        .segments()
                        .getFirst();
        assertThat(first.tokens())
                .containsExactly(
                        TIMESTAMPS,
                        GgmlModelWriter.token(" w1"),
                        GgmlModelWriter.token(" w2"),
                        TIMESTAMPS + 100);
        assertThat(first.averageLogProbability()).isBetween(-0.2, 0.0);
        assertThat(first.noSpeechProbability()).isBetween(0.0, 0.01);
        assertThat(first.temperature()).isZero();
        assertThat(first.tokenLogProbabilities())
                .extracting(Segment.TokenLogProbability::token)
                .containsExactly(" w1", " w2");
    }

    @Test
    void detectsTheLanguageAndTellsAllProbabilities() {
        Transcript transcript = run(shared, 2, PLAIN).transcript();
        assertThat(transcript.language()).isEqualTo("de");
        assertThat(transcript.languageProbability()).isGreaterThan(0.9);
        assertThat(transcript.languageProbabilities()).hasSize(99).containsKey("su");
        assertThat(transcript.languageProbabilities().values().stream().mapToDouble(p -> p).sum())
                .isEqualTo(1, within(1e-9));
    }

    @Test
    void theLanguageIsOneOfTheChoices() {
        Transcript transcript =
                run(shared, 2, PLAIN.toBuilder().languages(List.of("nl", "fr")).build())
                        .transcript();
        assertThat(transcript.language()).isIn("nl", "fr");
        assertThat(transcript.languageProbabilities().values().stream().mapToDouble(p -> p).sum())
                .isEqualTo(1, within(1e-9));
    }

    @Test
    void aGivenLanguageIsTakenWithoutDetection() {
        Transcript transcript =
                run(shared, 2, PLAIN.toBuilder().language("fr").build()).transcript();
        assertThat(transcript.language()).isEqualTo("fr");
        assertThat(transcript.languageProbability()).isEqualTo(1);
        assertThat(transcript.languageProbabilities()).isEmpty();
    }

    @Test
    void anEnglishModelKnowsEnglishOnly() throws IOException {
        try (GgmlWhisperEngine engine = ScriptedGgml.open(ScriptedGgml.english(folder))) {
            assertThat(engine.multilingual()).isFalse();
            assertThat(engine.languages()).containsExactly("en");
            assertThat(engine.facts().computeType()).isEqualTo(ComputeType.Q8_0);
            Run run = run(engine, 4.5, PLAIN);
            assertThat(run.transcript().language()).isEqualTo("en");
            assertThat(run.segments()).extracting(Segment::text).containsExactly(" w1 w2", " w3");
            assertThatThrownBy(() -> run(engine, 2, PLAIN.toBuilder().language("de").build()))
                    .hasMessageContaining("language")
                    .hasMessageContaining("de");
            assertThatThrownBy(() ->
                            run(
                                    engine,
                                    2,
                                    PLAIN.toBuilder()
                                            .task(TranscribeOptions.Task.TRANSLATE)
                                            .build()))
                    .hasMessageContaining("task");
        }
    }

    @Test
    void greedySearchAndSamplingAgreeWithTheScript() {
        for (TranscribeOptions options :
                List.of(
                        PLAIN.toBuilder().beamSize(1).build(),
                        PLAIN.toBuilder().temperatures(List.of(0.4)).bestOf(3).build())) {
            Run run = run(shared, 4.5, options);
            assertThat(run.segments()).extracting(Segment::text).containsExactly(" w1 w2", " w3");
            assertThat(run.segments().getFirst().temperature())
                    .isEqualTo(options.temperatures().getFirst());
        }
    }

    @Test
    void audioShorterThanASecondIsStillHeard() {
        Run run = run(shared, 0.5, PLAIN);
        assertThat(run.segments()).extracting(Segment::text).containsExactly(" w1 w2");
        assertThat(run.segments().getFirst().end()).isEqualTo(0.5);
    }

    @Test
    void shortWindowsOfEveryLengthSayTheirScript() {
        TranscribeOptions greedy = PLAIN.toBuilder().language("de").beamSize(1).build();
        List<Segment> whole = run(shared, 4, greedy).segments();
        for (int context : new int[] {1, 107, 749, 1451, 1500}) {
            TranscribeOptions some = greedy.toBuilder().audioContext(context).build();
            assertThat(texts(run(shared, 4, some))).isEqualTo(texts(whole));
        }
        TranscribeOptions least = greedy.toBuilder().audioContext(1).build();
        for (double seconds : new double[] {0.1, 4.99, 9}) {
            assertThat(texts(run(shared, seconds, least)))
                    .isEqualTo(texts(run(shared, seconds, greedy)));
        }
    }

    private static List<String> texts(Run run) {
        return run.segments().stream().map(Segment::text).toList();
    }

    private static List<String> texts(List<Segment> segments) {
        return segments.stream().map(Segment::text).toList();
    }

    @Test
    void theEnginesAudioContextIsThatOfRequestsWithoutOne() throws IOException {
        Path model = folder.resolve("ggml-listening.bin");
        GgmlModelWriter.random(model, GgmlModelWriter.layout(51865, 64, 1, GgmlType.F16), 1);
        TranscribeOptions options =
                PLAIN.toBuilder()
                        .language("en")
                        .beamSize(1)
                        .logProbThreshold(null)
                        .noSpeechThreshold(null)
                        .compressionRatioThreshold(null)
                        .build();
        TranscribeOptions some = options.toBuilder().audioContext(100).build();
        try (GgmlWhisperEngine usual = ScriptedGgml.open(model);
                GgmlWhisperEngine set =
                        GgmlWhisperEngine.open(
                                model,
                                new GgmlEngineSettings(
                                        1, new Admission(1, 2), Long.MAX_VALUE, folder, 100))) {
            double whole = likelihood(usual, options);
            double partly = likelihood(usual, some);
            assertThat(partly).isNotEqualTo(whole);
            assertThat(likelihood(set, options)).isEqualTo(partly);
            assertThat(likelihood(set, options.toBuilder().audioContext(0).build()))
                    .isEqualTo(whole);
            assertThat(likelihood(usual, options.toBuilder().audioContext(1500).build()))
                    .isEqualTo(whole);
        }
    }

    private static double likelihood(GgmlWhisperEngine engine, TranscribeOptions options) {
        return run(engine, 2, options).segments().getFirst().averageLogProbability();
    }

    @Test
    void audioWithoutSamplesGivesNoSegments() {
        Run run = run(shared, 0, PLAIN);
        assertThat(run.segments()).isEmpty();
        assertThat(run.transcript().durationSeconds()).isZero();
    }

    @Test
    void speechAloneIsHeardAndHasTheTimesOfTheWholeAudio() {
        float[] samples = new float[20 * 16_000];
        Arrays.fill(samples, 10 * 16_000, 14 * 16_000, 0.9f);
        VadOptions exact = new VadOptions(0.5, null, 0, Double.POSITIVE_INFINITY, 100, 0);
        SpeechAudio speech = speech(samples, exact);
        List<Segment> segments = new ArrayList<>();
        Transcript heard = shared.transcribe(speech, PLAIN, segments::add, new Cancellation());
        assertThat(segments)
                .extracting(segment -> speech.restored().inAudio(segment).start())
                .satisfiesExactly(
                        first -> assertThat(first).isCloseTo(10, within(0.04)),
                        second -> assertThat(second).isCloseTo(12, within(0.04)));
        assertThat(speech.restored().duration(heard.durationSeconds())).isEqualTo(20);

        segments.clear();
        SpeechAudio silence = speech(new float[20 * 16_000], exact);
        shared.transcribe(silence, PLAIN, segments::add, new Cancellation());
        assertThat(segments).isEmpty();
    }

    private static SpeechAudio speech(float[] samples, VadOptions options) {
        return new SpeechAudio(
                new BlockSource(samples, 4096),
                new LoudnessDetector(),
                options,
                new Cancellation());
    }

    @Test
    void anImprobableWindowGoesDownTheTemperatureLadder() {
        TranscribeOptions neverGood =
                PLAIN.toBuilder()
                        .temperatures(List.of(0.0, 0.3))
                        .logProbThreshold(1.0)
                        .noSpeechThreshold(null)
                        .build();
        // Both attempts fail; the likelier is kept, and 0 is likelier than 0.3 or as likely.
        Run run = run(shared, 2, neverGood);
        assertThat(run.segments()).hasSize(1);
        TranscribeOptions silence = neverGood.toBuilder().noSpeechThreshold(-1.0).build();
        assertThat(run(shared, 2, silence).segments()).isEmpty();
    }

    @Test
    void aPromptIsTokenizedAndTokenIdsAreTaken() {
        // The script is bound to positions, which a prompt moves: it must say something else.
        String said = run(shared, 2, PLAIN).segments().getFirst().text();
        TranscribeOptions text = PLAIN.toBuilder().initialPrompt("w7 w8".repeat(500)).build();
        TranscribeOptions ids = PLAIN.toBuilder().promptTokens(new int[] {300, 301, 302}).build();
        for (TranscribeOptions options : List.of(text, ids)) {
            assertThat(run(shared, 2, options).segments().stream().map(Segment::text))
                    .doesNotContain(said);
        }
    }

    @Tag("once")
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "F32")
    void everyAcceptedTypeLoadsAndRuns(GgmlType type) throws IOException {
        Path model = folder.resolve("ggml-random-" + type + ".bin");
        int width = Math.max(64, type.blockSize());
        GgmlModelWriter.random(model, GgmlModelWriter.layout(51866, width, 1, type), 7);
        try (GgmlWhisperEngine engine = ScriptedGgml.open(model)) {
            Transcript transcript =
                    run(engine, 1.5, PLAIN.toBuilder().beamSize(1).build()).transcript();
            assertThat(engine.languages()).hasSize(100).contains("yue");
            assertThat(transcript.languageProbabilities()).hasSize(100);
        }
    }
}
