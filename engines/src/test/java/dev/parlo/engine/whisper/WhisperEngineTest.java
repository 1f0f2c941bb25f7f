package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.Placement;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.admission.Turn;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.cuda.Gpus;
import dev.parlo.engine.whisper.mel.ArrayAudio;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
@Tag("locale")
class WhisperEngineTest {
    @TempDir private static Path cache;
    private static Golden golden;

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeAll
    static void open() {
        golden = new Golden(Path.of("src/test/resources/golden"));
    }

    @AfterAll
    static void close() {
        golden.close();
    }

    /** Without the check before each step the process of this test ends with a SIGBUS. */
    @Test
    void weightsThatAreShortenedInUseAreAnErrorAndTheNextLoadConvertsThemAnew() throws IOException {
        Path own = cache.resolve("own");
        try (WhisperEngine engine = engine(new Admission(1, 2), 0, own)) {
            assertThat(text(engine)).isNotEmpty();
            List<Path> weights;
            try (Stream<Path> files = Files.walk(own)) {
                weights = files.filter(file -> file.toString().endsWith(".weights")).toList();
            }
            assertThat(weights).hasSize(2);
            for (Path file : weights) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
                try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                    open.setLength(4096);
                }
            }
            assertThatThrownBy(() -> text(engine))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.BAD_MODEL))
                    .hasMessageContaining("shortened");
        }
        try (WhisperEngine engine = engine(new Admission(1, 2), 0, own)) {
            assertThat(text(engine)).isNotEmpty();
        }
    }

    private static String text(WhisperEngine engine) {
        StringBuilder text = new StringBuilder();
        engine.transcribe(
                golden.open("u000.flac"),
                TranscribeOptions.defaults(),
                segment -> text.append(segment.text()),
                new Cancellation());
        return text.toString();
    }

    @Test
    void segmentsComeOnTheThreadThatAsked() {
        try (WhisperEngine engine = engine(1)) {
            List<Thread> threads = new ArrayList<>();
            List<String> texts = new ArrayList<>();
            engine.transcribe(
                    golden.open("u000.flac"),
                    TranscribeOptions.defaults(),
                    segment -> {
                        threads.add(Thread.currentThread());
                        texts.add(segment.text());
                    },
                    new Cancellation());
            assertThat(threads).containsOnly(Thread.currentThread());
            assertThat(texts).isNotEmpty();
            assertThat(engine.languages()).containsExactly("en");
            assertThat(engine.multilingual()).isFalse();
            assertThat(engine.nativeBytes()).isGreaterThan(9_000_000);
            assertThat(engine.facts().placement()).isEqualTo(Placement.Cpu.threads(1));
            assertThat(engine.facts().computeType()).isEqualTo(ComputeType.FLOAT32);
            assertThat(engine.facts().nativeBytes()).isEqualTo(engine.nativeBytes());
        }
    }

    @Test
    void theObserverHearsEveryPartOfARequest() {
        List<String> heard = new CopyOnWriteArrayList<>();
        EngineObserver observer =
                new EngineObserver() {
                    @Override
                    public void started(Priority priority, Duration waited) {
                        heard.add("started " + priority);
                    }

                    @Override
                    public void window(Window window) {
                        assertThat(window.encoding()).isPositive();
                        assertThat(window.decoding()).isPositive();
                        assertThat(window.tokens()).isPositive();
                        heard.add("window at " + window.startSeconds());
                    }

                    @Override
                    public void step(int rows, Duration took) {
                        assertThat(rows).isBetween(1, 5);
                        heard.add("step");
                    }

                    @Override
                    public void segment(Segment segment) {
                        heard.add("segment" + segment.text());
                    }

                    @Override
                    public void finished(
                            @Nullable Category failure, double audioSeconds, Duration took) {
                        heard.add("finished " + failure);
                    }
                };
        List<String> texts = new ArrayList<>();
        try (WhisperEngine engine = engine(new Admission(1, 2, observer))) {
            engine.transcribe(
                    golden.open("u000.flac"),
                    TranscribeOptions.defaults(),
                    segment -> texts.add("segment" + segment.text()),
                    new Cancellation());
        }
        assertThat(heard.getFirst()).isEqualTo("started INTERACTIVE");
        assertThat(heard).contains("step", "window at 0.0").containsAll(texts);
        assertThat(heard.getLast()).isEqualTo("finished null");
    }

    /** With the built-in model; how much other models bear is in docs/accuracy.md. */
    @Tag("once")
    @Test
    void shortWindowsSayWhatWholeOnesDo() {
        try (WhisperEngine engine = engine(1)) {
            for (String file : List.of("u000.flac", "u001.flac", "u008.flac")) {
                List<Segment> whole = words(engine, file, 0);
                List<Segment> some = words(engine, file, 250);
                assertThat(texts(some)).isNotEmpty().isEqualTo(texts(whole));
                for (int i = 0; i < whole.size(); i++) {
                    assertThat(some.get(i).start()).isCloseTo(whole.get(i).start(), within(0.2));
                    assertThat(some.get(i).end()).isCloseTo(whole.get(i).end(), within(0.2));
                }
            }
        }
    }

    @Test
    void theEnginesAudioContextIsThatOfRequestsWithoutOne() {
        try (WhisperEngine usual = engine(1);
                WhisperEngine some = engine(new Admission(1, 2), 100)) {
            List<Segment> whole = words(usual, "u000.flac", null);
            List<Segment> partly = words(usual, "u000.flac", 100);
            assertThat(logProbabilities(partly)).isNotEqualTo(logProbabilities(whole));
            assertThat(logProbabilities(words(some, "u000.flac", null)))
                    .isEqualTo(logProbabilities(partly));
            assertThat(logProbabilities(words(some, "u000.flac", 0)))
                    .isEqualTo(logProbabilities(whole));
        }
    }

    private static List<Segment> words(
            WhisperEngine engine, String file, @Nullable Integer audioContext) {
        List<Segment> segments = new ArrayList<>();
        engine.transcribe(
                golden.open(file),
                TranscribeOptions.builder().wordTimestamps(true).audioContext(audioContext).build(),
                segments::add,
                new Cancellation());
        return segments;
    }

    private static List<String> texts(List<Segment> segments) {
        return segments.stream().map(Segment::text).toList();
    }

    private static List<Double> logProbabilities(List<Segment> segments) {
        return segments.stream().map(Segment::averageLogProbability).toList();
    }

    @Test
    void noSegmentOrWordEndsBeyondTheAudio() {
        float[] whole = new float[16_000];
        try (AudioSource.Reader reader = golden.open("u000.flac").open()) {
            assertThat(reader.read(whole)).isPositive();
        }
        try (WhisperEngine engine = engine(1)) {
            for (double seconds : new double[] {0.05, 0.3, 0.7777}) {
                float[] part = java.util.Arrays.copyOf(whole, (int) (seconds * 16_000));
                double end = part.length / 16_000.0;
                engine.transcribe(
                        new ArrayAudio(part, 4_000),
                        TranscribeOptions.builder()
                                .wordTimestamps(seconds > 0.1)
                                .noSpeechThreshold(null)
                                .build(),
                        segment -> {
                            assertThat(segment.end()).isLessThanOrEqualTo(end);
                            if (segment.words() != null) {
                                assertThat(segment.words())
                                        .allMatch(word -> word.end() <= end)
                                        .allMatch(word -> word.start() <= word.end());
                            }
                        },
                        new Cancellation());
            }
        }
    }

    @Test
    void aFullQueueRefusesAndAQueuedRequestCanBeCancelled() {
        Admission admission = new Admission(1, 2);
        try (WhisperEngine engine = engine(admission);
                Ticket other = admission.enter(Priority.BATCH, new Cancellation());
                Turn turn = other.await()) {
            Cancellation queued = new Cancellation();
            CompletableFuture<Void> waiting = start(engine, silence(), queued);
            await().untilAsserted(() -> assertThat(admission.entered()).isEqualTo(2));
            assertThat(refusalOf(start(engine, silence(), new Cancellation())))
                    .isEqualTo(Category.OVERLOADED);
            assertThat(waiting).isNotDone();
            queued.cancel();
            assertThat(refusalOf(waiting)).isEqualTo(Category.CANCELLED);
            assertThat(turn.isUrgent()).isTrue();
        }
    }

    @Test
    void closingCancelsWhatRuns() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch reading = new CountDownLatch(1);
        WhisperEngine engine = engine(1);
        Cancellation cancellation = new Cancellation();
        CompletableFuture<Void> running = start(engine, held(reading, release), cancellation);
        await().until(() -> reading.getCount() == 0);
        Thread closing = Thread.ofPlatform().start(engine::close);
        // for the worker, whose request it has cancelled before
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        release.countDown();
        assertThat(refusalOf(running)).isEqualTo(Category.CANCELLED);
        assertThat(cancellation.isCancelled()).isFalse();
        closing.join();
        assertThat(refusalOf(start(engine, silence(), new Cancellation())))
                .isEqualTo(Category.CANCELLED);
        engine.close(); // twice is harmless
    }

    @Test
    void aReceiverThatFailsEndsTheWork() {
        try (WhisperEngine engine = engine(1)) {
            assertThatThrownBy(() ->
                            engine.transcribe(
                                    golden.open("u000.flac"),
                                    TranscribeOptions.defaults(),
                                    segment -> {
                                        throw new IllegalStateException("gone");
                                    },
                                    new Cancellation()))
                    .hasMessage("gone");
            List<Segment> next = new ArrayList<>();
            engine.transcribe(
                    golden.open("u000.flac"),
                    TranscribeOptions.defaults(),
                    next::add,
                    new Cancellation());
            assertThat(next).isNotEmpty();
        }
    }

    @Test
    void aFailingSourceKeepsItsCategoryAndTheCallersFlagDown() {
        AudioSource broken =
                () -> {
                    throw new EngineException(Category.BAD_AUDIO, "no audio in it");
                };
        try (WhisperEngine engine = engine(1)) {
            Cancellation cancellation = new Cancellation();
            assertThat(refusalOf(start(engine, broken, cancellation)))
                    .isEqualTo(Category.BAD_AUDIO);
            assertThat(cancellation.isCancelled()).isFalse();
        }
    }

    @Test
    void samplesWithASeedRepeat() {
        try (WhisperEngine engine = engine(1)) {
            TranscribeOptions options =
                    TranscribeOptions.builder()
                            .temperatures(List.of(0.9))
                            .bestOf(3)
                            .seed(java.util.OptionalLong.of(7))
                            .logProbThreshold(null)
                            .build();
            assertThat(texts(engine, options)).isEqualTo(texts(engine, options));
            TranscribeOptions wide = TranscribeOptions.builder().beamSize(8).build();
            assertThat(texts(engine, wide)).isNotEmpty();
        }
    }

    private static List<String> texts(WhisperEngine engine, TranscribeOptions options) {
        List<String> texts = new ArrayList<>();
        engine.transcribe(
                golden.open("u008.flac"),
                options,
                segment -> texts.add(segment.text()),
                new Cancellation());
        return texts;
    }

    private CompletableFuture<Void> start(
            WhisperEngine engine, AudioSource audio, Cancellation cancellation) {
        return CompletableFuture.runAsync(
                () ->
                        engine.transcribe(
                                audio, TranscribeOptions.defaults(), segment -> {}, cancellation),
                callers);
    }

    private static Category refusalOf(CompletableFuture<Void> request) {
        try {
            request.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof EngineException known) {
                return known.category();
            }
        }
        return Category.INTERNAL;
    }

    private static AudioSource silence() {
        return new ArrayAudio(new float[1600], 1600);
    }

    /** Audio whose reader waits until it is released. */
    private static AudioSource held(CountDownLatch reading, CountDownLatch release) {
        AudioSource silence = silence();
        return () -> {
            reading.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return silence.open();
        };
    }

    private static WhisperEngine engine(int queue) {
        return engine(new Admission(1, 1 + queue));
    }

    private static WhisperEngine engine(Admission admission) {
        return engine(admission, 0);
    }

    private static WhisperEngine engine(Admission admission, int audioContext) {
        return engine(admission, audioContext, cache);
    }

    private static WhisperEngine engine(Admission admission, int audioContext, Path cache) {
        return WhisperEngine.open(
                SharedFiles.builtInModel(),
                new WhisperEngineSettings(
                        ComputeType.FLOAT32,
                        Placement.Cpu.threads(1),
                        admission,
                        Long.MAX_VALUE,
                        CacheFolder.at(cache),
                        cache,
                        Gpus.none(),
                        audioContext),
                new Cancellation());
    }
}
