package dev.parlo.engine.ggml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.Segment;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.audio.AudioSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The engine on models whose decoder says the same whatever it hears: {@code w1 w2} from 0 to 2 s
 * and {@code w3} from 2 to 4 s of each window, in German.
 */
class GgmlWhisperEngineTest {
    private static final int TIMESTAMPS = 50364;
    private static final int GERMAN = 50259 + 2;
    private static final TranscribeOptions PLAIN =
            TranscribeOptions.builder()
                    .temperatures(List.of(0.0))
                    .conditionOnPreviousText(false)
                    .build();

    @TempDir static Path folder;
    private static Path multilingual;
    private static Path english;
    private static GgmlWhisperEngine shared;

    @BeforeAll
    static void writeModels() throws IOException {
        multilingual = folder.resolve("ggml-scripted.bin");
        GgmlModelWriter.scripted(
                multilingual,
                GgmlModelWriter.layout(51865, 64, 1, GgmlType.F16),
                script(0, GERMAN, 2, TIMESTAMPS, 50257),
                false);
        english = folder.resolve("ggml-scripted.en.bin");
        GgmlModelWriter.scripted(
                english,
                GgmlModelWriter.layout(51864, 64, 1, GgmlType.Q8_0),
                script(0, TIMESTAMPS - 1, 0, TIMESTAMPS - 1, 50256),
                false);
        shared = open(multilingual);
    }

    @AfterAll
    static void close() {
        shared.close();
    }

    /** After the token at {@code position}, the segments; after the start, {@code first}. */
    private static Map<Integer, Integer> script(
            int start, int first, int position, int timestamps, int endOfText) {
        Map<Integer, Integer> script = new HashMap<>();
        script.put(start, first);
        int[] said = {
            timestamps,
            GgmlModelWriter.token(" w1"),
            GgmlModelWriter.token(" w2"),
            timestamps + 100,
            timestamps + 100,
            GgmlModelWriter.token(" w3"),
            timestamps + 200,
            endOfText
        };
        for (int i = 0; i < said.length; i++) {
            script.put(position + i, said[i]);
        }
        return script;
    }

    private static AudioSource silence(double seconds) {
        long total = Math.round(seconds * AudioSource.SAMPLE_RATE);
        return () ->
                new AudioSource.Reader() {
                    private long left = total;

                    @Override
                    public int read(float[] samples) {
                        if (left == 0) {
                            return -1;
                        }
                        int count = (int) Math.min(left, Math.min(samples.length, 5000));
                        java.util.Arrays.fill(samples, 0, count, 0);
                        left -= count;
                        return count;
                    }

                    @Override
                    public void close() {}
                };
    }

    private static GgmlWhisperEngine open(Path model) {
        return GgmlWhisperEngine.open(model, 1, 1, 1);
    }

    private record Run(Transcript transcript, List<Segment> segments) {}

    private static Run run(GgmlWhisperEngine engine, double seconds, TranscribeOptions options) {
        List<Segment> segments = new ArrayList<>();
        Transcript transcript =
                engine.transcribe(silence(seconds), options, segments::add, new Cancellation());
        return new Run(transcript, segments);
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
    void aGivenLanguageIsTakenWithoutDetection() {
        Transcript transcript =
                run(shared, 2, PLAIN.toBuilder().language("fr").build()).transcript();
        assertThat(transcript.language()).isEqualTo("fr");
        assertThat(transcript.languageProbability()).isEqualTo(1);
        assertThat(transcript.languageProbabilities()).isEmpty();
    }

    @Test
    void anEnglishModelKnowsEnglishOnly() {
        try (GgmlWhisperEngine engine = open(english)) {
            assertThat(engine.multilingual()).isFalse();
            assertThat(engine.languages()).containsExactly("en");
            assertThat(engine.description()).isEqualTo("cpu ggml q8_0");
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
    void audioWithoutSamplesGivesNoSegments() {
        Run run = run(shared, 0, PLAIN);
        assertThat(run.segments()).isEmpty();
        assertThat(run.transcript().durationSeconds()).isZero();
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

    @Test
    void aRaisedCancellationEndsTheRequestBetweenWindows() {
        try (GgmlWhisperEngine engine = open(multilingual)) {
            Cancellation cancellation = new Cancellation();
            List<Segment> segments = new ArrayList<>();
            assertThatThrownBy(() ->
                            engine.transcribe(
                                    silence(600),
                                    PLAIN,
                                    segment -> {
                                        segments.add(segment);
                                        cancellation.cancel();
                                    },
                                    cancellation))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.CANCELLED));
            assertThat(segments).hasSizeLessThan(3);
            assertThat(run(engine, 2, PLAIN).segments()).hasSize(1);
        }
    }

    @Test
    void anInterruptedCallerGetsItsInterruptBack() {
        try (GgmlWhisperEngine engine = open(multilingual)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> run(engine, 60, PLAIN))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.CANCELLED));
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void moreRequestsThanMayWaitAreRefused() throws Exception {
        try (GgmlWhisperEngine engine = GgmlWhisperEngine.open(multilingual, 1, 1, 0)) {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            CompletableFuture<Transcript> first =
                    CompletableFuture.supplyAsync(() ->
                            engine.transcribe(
                                    silence(2),
                                    PLAIN,
                                    segment -> {
                                        inside.countDown();
                                        awaitUninterruptibly(release);
                                    },
                                    new Cancellation()));
            inside.await();
            assertThat(engine.nativeBytes()).isGreaterThan(6_000_000);
            assertThatThrownBy(() -> run(engine, 2, PLAIN))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.OVERLOADED));
            release.countDown();
            first.join();
            assertThat(run(engine, 2, PLAIN).segments()).hasSize(1);
        }
    }

    @Test
    void requestsRunSideBySide() {
        try (GgmlWhisperEngine engine = GgmlWhisperEngine.open(multilingual, 1, 2, 4)) {
            List<CompletableFuture<Run>> runs = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                runs.add(CompletableFuture.supplyAsync(() -> run(engine, 4.5, PLAIN)));
            }
            for (CompletableFuture<Run> run : runs) {
                assertThat(run.join().segments())
                        .extracting(Segment::text)
                        .containsExactly(" w1 w2", " w3");
            }
        }
    }

    @Test
    void closingStopsRunningRequestsAndRefusesNewOnes() {
        GgmlWhisperEngine engine = open(multilingual);
        CountDownLatch inside = new CountDownLatch(1);
        CompletableFuture<Transcript> running =
                CompletableFuture.supplyAsync(() ->
                        engine.transcribe(
                                silence(36_000),
                                PLAIN,
                                segment -> inside.countDown(),
                                new Cancellation()));
        awaitUninterruptibly(inside);
        engine.close();
        engine.close();
        assertThatThrownBy(running::join).hasCauseInstanceOf(EngineException.class);
        assertThatThrownBy(() -> run(engine, 1, PLAIN))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.category()).isEqualTo(Category.CANCELLED));
        assertThat(engine.nativeBytes()).isZero();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "F32")
    void everyAcceptedTypeLoadsAndRuns(GgmlType type) throws IOException {
        Path model = folder.resolve("ggml-random-" + type + ".bin");
        GgmlModelWriter.random(model, GgmlModelWriter.layout(51866, 64, 1, type), 7);
        try (GgmlWhisperEngine engine = open(model)) {
            Transcript transcript =
                    run(engine, 1.5, PLAIN.toBuilder().beamSize(1).build()).transcript();
            assertThat(engine.languages()).hasSize(100).contains("yue");
            assertThat(transcript.languageProbabilities()).hasSize(100);
        }
    }

    static Stream<Arguments> refusedOptions() {
        return Stream.of(
                refused("beam_size", b -> b.beamSize(9)),
                refused("beam_size", b -> b.beamSize(0)),
                refused("best_of", b -> b.bestOf(9)),
                refused("patience", b -> b.patience(2)),
                refused("length_penalty", b -> b.lengthPenalty(0)),
                refused("repetition_penalty", b -> b.repetitionPenalty(1.1)),
                refused("no_repeat_ngram_size", b -> b.noRepeatNgramSize(3)),
                refused("temperature", b -> b.temperatures(List.of())),
                refused("temperature", b -> b.temperatures(List.of(Double.NaN))),
                refused("max_initial_timestamp", b -> b.maxInitialTimestamp(31)),
                refused("prefix", b -> b.prefix("so")),
                refused("hotwords", b -> b.hotwords("Parlo")),
                refused("suppress_tokens", b -> b.suppressTokens(List.of(5))),
                refused("word_timestamps", b -> b.wordTimestamps(true)),
                refused("max_new_tokens", b -> b.maxNewTokens(10)),
                refused("chunk_length", b -> b.chunkLengthSeconds(20)),
                refused("clip_timestamps", b -> b.clipTimestamps(List.of(1.0, 2.0))),
                refused(
                        "hallucination_silence_threshold",
                        b -> b.hallucinationSilenceThreshold(2.0)),
                refused("seed", b -> b.seed(OptionalLong.of(1))),
                refused("language", b -> b.language("tlh")),
                refused("language_detection_segments", b -> b.languageDetectionSegments(0)),
                refused("initial_prompt", b -> b.promptTokens(new int[] {51865})),
                refused("initial_prompt", b -> b.promptTokens(new int[] {-1})));
    }

    private static Arguments refused(
            String option, UnaryOperator<TranscribeOptions.Builder> change) {
        return Arguments.of(option, change.apply(PLAIN.toBuilder()).build());
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("refusedOptions")
    void anOptionWithoutCounterpartIsRefusedByName(String option, TranscribeOptions options) {
        SegmentSink none = segment -> assertThat(segment).isNull();
        assertThatThrownBy(() -> shared.transcribe(silence(1), options, none, new Cancellation()))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.category()).isEqualTo(Category.BAD_REQUEST))
                .hasMessageContaining(" " + option + " ");
    }
}
