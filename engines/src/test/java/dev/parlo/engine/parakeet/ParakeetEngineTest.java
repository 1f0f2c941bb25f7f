package dev.parlo.engine.parakeet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.Latches;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Word;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.PcmAudio;
import dev.parlo.engine.worker.GivingWay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParakeetEngineTest {
    @TempDir private Path folder;

    private final TinyParakeet tiny = new TinyParakeet(7);

    private static float[] noise(long seed, double seconds) {
        Random random = new Random(seed);
        float[] samples = new float[(int) (seconds * 16_000)];
        for (int i = 0; i < samples.length; i++) {
            double loudness = 0.02 + 0.2 * Math.abs(Math.sin(i / 4000.0 + seed));
            samples[i] = (float) (loudness * (random.nextDouble() - 0.5));
        }
        return samples;
    }

    private ParakeetEngine open() {
        return ParakeetEngine.open(folder, List.of(), 1, new Admission(8, 64), 1L << 40, folder);
    }

    private static List<Segment> heard(
            ParakeetEngine engine, float[] samples, TranscribeOptions options) {
        List<Segment> segments = new ArrayList<>();
        engine.transcribe(PcmAudio.of(samples), options, segments::add, new Cancellation());
        return segments;
    }

    private static String text(List<Segment> segments) {
        return String.join("", segments.stream().map(Segment::text).toList()).strip();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void chunksOfManyRequestsSayWhatEachSaysByItselfHoweverManyTheGraphsTake(long batch)
            throws Exception {
        new TinyParakeet(7, batch).write(folder, "");
        try (ParakeetEngine engine = open();
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> requests = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                float[] samples = noise(i, 0.3 + i * 0.4);
                requests.add(() -> text(heard(engine, samples, TranscribeOptions.defaults())));
            }
            List<Future<String>> answers = clients.invokeAll(requests);
            for (int i = 0; i < answers.size(); i++) {
                String expected = tiny.text(noise(i, 0.3 + i * 0.4));
                assertThat(expected).isNotEmpty();
                assertThat(answers.get(i).get()).isEqualTo(expected);
            }
        }
    }

    @Test
    void aFileGivesWayToClips() throws IOException {
        tiny.write(folder, "");
        try (ParakeetEngine engine = open()) {
            GivingWay.check(
                    engine.admission().urgency(),
                    audio ->
                            engine.transcribe(
                                    audio,
                                    TranscribeOptions.defaults(),
                                    segment -> {},
                                    new Cancellation()));
            assertThat(engine.admission().urgency().isFelt()).isFalse();
        }
    }

    @Test
    void wordsAndTokensCarryTheirTimesAndProbabilities() throws IOException {
        tiny.write(folder, "");
        float[] samples = noise(3, 5);
        TranscribeOptions options =
                TranscribeOptions.builder()
                        .wordTimestamps(true)
                        .tokenLogProbabilities(true)
                        .build();
        try (ParakeetEngine engine = open()) {
            List<Segment> segments = heard(engine, samples, options);
            List<TimedToken> tokens =
                    tiny.tokens(samples).stream().filter(token -> token.id() != 5).toList();
            List<Double> logs =
                    segments.stream()
                            .flatMap(segment ->
                                    Objects.requireNonNull(segment.tokenLogProbabilities())
                                            .stream())
                            .map(Segment.TokenLogProbability::logProbability)
                            .toList();
            assertThat(logs).hasSameSizeAs(tokens);
            for (int i = 0; i < logs.size(); i++) {
                assertThat(logs.get(i)).isCloseTo(tokens.get(i).logProbability(), within(1e-3));
            }
            double last = 0;
            for (Segment segment : segments) {
                assertThat(segment.words()).isNotEmpty();
                for (Word word : Objects.requireNonNull(segment.words())) {
                    assertThat(word.start()).isGreaterThanOrEqualTo(last - 1e-9);
                    assertThat(word.end()).isGreaterThan(word.start()).isLessThanOrEqualTo(5.0);
                    assertThat(word.probability()).isBetween(0.0, 1.0);
                    last = word.end();
                }
            }
        }
    }

    @Test
    void aLongRecordingIsHeardInChunksOfHalfAMinute() throws IOException {
        tiny.write(folder, "");
        try (ParakeetEngine engine = open()) {
            List<Segment> segments = heard(engine, noise(1, 70), TranscribeOptions.defaults());
            assertThat(segments.stream().map(Segment::seek).distinct()).hasSize(3).startsWith(0);
            assertThat(segments.stream().mapToInt(Segment::id)).isSorted().doesNotHaveDuplicates();
            assertThat(segments.getLast().end()).isBetween(60.0, 70.0);
        }
    }

    @Test
    void optionsOfWhisperDoNothingAndATranslationIsRefused() throws IOException {
        tiny.write(folder, "");
        float[] samples = noise(2, 2);
        try (ParakeetEngine engine = open()) {
            TranscribeOptions ignored =
                    TranscribeOptions.builder()
                            .initialPrompt("a prompt")
                            .hotwords("words")
                            .beamSize(9)
                            .temperatures(List.of(0.7))
                            .build();
            assertThat(text(heard(engine, samples, ignored))).isEqualTo(tiny.text(samples));
            TranscribeOptions translate =
                    TranscribeOptions.builder().task(TranscribeOptions.Task.TRANSLATE).build();
            assertThatThrownBy(() -> heard(engine, samples, translate))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            refused ->
                                    assertThat(refused.category()).isEqualTo(Category.BAD_REQUEST))
                    .hasMessageContaining("cannot translate");
        }
    }

    @Test
    void aCancelledRequestEndsWhileOthersGoOn() throws IOException {
        tiny.write(folder, "");
        try (ParakeetEngine engine = open()) {
            Cancellation cancelled = new Cancellation();
            cancelled.cancel();
            assertThatThrownBy(() ->
                            engine.transcribe(
                                    PcmAudio.of(noise(1, 2)),
                                    TranscribeOptions.defaults(),
                                    segment -> {},
                                    cancelled))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            ended -> assertThat(ended.category()).isEqualTo(Category.CANCELLED));
            float[] samples = noise(4, 2);
            assertThat(text(heard(engine, samples, TranscribeOptions.defaults())))
                    .isEqualTo(tiny.text(samples));
        }
    }

    @Test
    void aPrecisionIsNamedByItsEncoder() throws IOException {
        tiny.write(folder, "");
        new TinyParakeet(8).write(folder, ".int8");
        float[] samples = noise(5, 3);
        Path encoder = folder.resolve("encoder-model.int8.onnx");
        try (ParakeetEngine engine =
                ParakeetEngine.open(
                        encoder, List.of(), 1, new Admission(1, 64), 1L << 40, folder)) {
            assertThat(text(heard(engine, samples, TranscribeOptions.defaults())))
                    .isEqualTo(new TinyParakeet(8).text(samples))
                    .isNotEqualTo(tiny.text(samples));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vocab.txt | a 0\\nb | vocab.txt line 2",
                "vocab.txt | a 0\\n<blk> 7 | vocab.txt line 2",
                "vocab.txt | a 0\\na 0\\n<blk> 1 | vocab.txt line 2",
                "vocab.txt | a 0\\n\\nb 3\\n<blk> 2 | no piece of the id 1",
                "vocab.txt | <blk> 0\\na 1 | no <blk> as its last id",
                "vocab.txt | a 99999999999 | vocab.txt line 1",
                "config.json | {\"model_type\": \"nemo-conformer-rnnt\"} | model_type",
                "config.json | [] | model_type",
                "config.json | {\"model_type\": \"nemo-conformer-tdt\", \"features_size\": 80} | features_size",
                "config.json | {\"model_type\": \"nemo-conformer-tdt\", \"max_tokens_per_step\": 1000000} | max_tokens_per_step",
                "encoder-model.onnx | nonsense | encoder encoder-model.onnx cannot be used",
                "decoder_joint-model.onnx | nonsense | decoder decoder_joint-model.onnx cannot be used",
            })
    void aDamagedPartIsNamed(String file, String text, String message) throws IOException {
        tiny.write(folder, "");
        Files.writeString(folder.resolve(file), text.replace("\\n", "\n"));
        refused(message);
    }

    @Test
    void aMissingPartIsNamed() throws IOException {
        tiny.write(folder, "");
        Files.delete(folder.resolve("decoder_joint-model.onnx"));
        refused("decoder_joint-model.onnx");
    }

    @Test
    void aGraphWithOtherInputsIsRefusedBeforeItRuns() throws IOException {
        tiny.write(folder, "");
        Path encoder = folder.resolve("encoder-model.onnx");
        Path decoder = folder.resolve("decoder_joint-model.onnx");
        byte[] one = Files.readAllBytes(encoder);
        Files.copy(decoder, encoder, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        refused("has no input audio_signal");
        Files.write(encoder, one);
        Files.write(decoder, one);
        refused("has no input encoder_outputs");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 159, 160, 2000})
    void howeverShortTheAudioIsItIsHeard(int samples) throws IOException {
        tiny.write(folder, "");
        try (ParakeetEngine engine = open()) {
            List<Segment> segments =
                    heard(
                            engine,
                            java.util.Arrays.copyOf(noise(1, 1), samples),
                            TranscribeOptions.builder().wordTimestamps(true).build());
            double seconds = samples / 16_000.0;
            for (Segment segment : segments) {
                assertThat(segment.end()).isLessThanOrEqualTo(seconds);
                assertThat(segment.start()).isBetween(0.0, segment.end());
            }
            // silence has no deviation to divide by
            heard(engine, new float[16_000], TranscribeOptions.defaults());
        }
    }

    @Test
    void chunksOfOneRequestAreHeardSideBySideWhereABatchSizeAsksForItAndSayTheSame()
            throws IOException {
        tiny.write(folder, "");
        float[] samples = noise(1, 100);
        try (ParakeetEngine engine = open()) {
            List<Segment> one = heard(engine, samples, TranscribeOptions.defaults());
            List<Segment> many =
                    heard(engine, samples, TranscribeOptions.builder().batchSize(4).build());
            assertThat(text(many)).isEqualTo(text(one));
            assertThat(many.stream().map(Segment::id).toList())
                    .isEqualTo(one.stream().map(Segment::id).toList());
            assertThat(many.stream().map(Segment::start).toList())
                    .isEqualTo(one.stream().map(Segment::start).toList());
        }
        TranscribeOptions none = TranscribeOptions.builder().batchSize(0).build();
        try (ParakeetEngine engine = open()) {
            assertThatThrownBy(() -> heard(engine, samples, none))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            refused ->
                                    assertThat(refused.category()).isEqualTo(Category.BAD_REQUEST))
                    .hasMessageContaining("batch_size");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void aRequestThatIsCancelledOrAnEngineThatIsClosedInTheMiddleEndsAtOnce(int batch)
            throws Exception {
        tiny.write(folder, "");
        TranscribeOptions options = TranscribeOptions.builder().batchSize(batch).build();
        ParakeetEngine engine = open();
        Cancellation cancellation = new Cancellation();
        assertThatThrownBy(() ->
                        engine.transcribe(
                                PcmAudio.of(noise(1, 100)),
                                options,
                                segment -> cancellation.cancel(),
                                cancellation))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        ended -> assertThat(ended.category()).isEqualTo(Category.CANCELLED));
        float[] samples = noise(4, 2);
        assertThat(text(heard(engine, samples, options))).isEqualTo(tiny.text(samples));
        CountDownLatch closing = new CountDownLatch(1);
        assertThatThrownBy(() ->
                        engine.transcribe(
                                withoutEnd(closing),
                                options,
                                segment ->
                                        Thread.ofVirtual()
                                                .start(() -> {
                                                    closing.countDown();
                                                    engine.close();
                                                }),
                                new Cancellation()))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        ended -> assertThat(ended.category()).isEqualTo(Category.CANCELLED));
        engine.close();
    }

    /** The first minute and then, once the latch is down, the rest: more than is ever heard. */
    private static AudioSource withoutEnd(CountDownLatch rest) {
        float[] minute = noise(1, 60);
        return () ->
                new AudioSource.Reader() {
                    private int read;

                    @Override
                    public int read(float[] samples) {
                        if (read == minute.length) {
                            Latches.await(rest);
                        }
                        int from = read % minute.length;
                        int count = Math.min(samples.length, minute.length - from);
                        System.arraycopy(minute, from, samples, 0, count);
                        read += count;
                        return count;
                    }

                    @Override
                    public void close() {}
                };
    }

    /** A fine-tune for Basque has the vocabulary of the 25 languages, and knows one more. */
    @Test
    void aModelsCardAddsLanguagesToThoseOfThePublishedOne() throws IOException {
        tiny.write(folder, "");
        TinyParakeet.widen(folder, 3000);
        try (ParakeetEngine engine =
                ParakeetEngine.open(
                        folder, List.of("eu"), 1, new Admission(1, 8), 1L << 40, folder)) {
            assertThat(engine.multilingual()).isTrue();
            assertThat(engine.languages()).contains("eu", "de").isSorted().hasSize(26);
        }
    }

    private void refused(String message) {
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        EngineException.class,
                        broken -> assertThat(broken.category()).isEqualTo(Category.BAD_MODEL))
                .hasMessageContaining(message)
                .hasMessageNotContaining(folder.toString());
    }
}
