package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.whisper.mel.ArrayAudio;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
        try (WhisperEngine engine = BuiltInEngine.open(new Admission(1, 2), own)) {
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
        try (WhisperEngine engine = BuiltInEngine.open(new Admission(1, 2), own)) {
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
        try (WhisperEngine engine = BuiltInEngine.open(new Admission(1, 2), cache)) {
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
        try (WhisperEngine engine = BuiltInEngine.open(new Admission(1, 2, observer), cache)) {
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

    @Test
    void noSegmentOrWordEndsBeyondTheAudio() {
        float[] whole = new float[16_000];
        try (AudioSource.Reader reader = golden.open("u000.flac").open()) {
            assertThat(reader.read(whole)).isPositive();
        }
        try (WhisperEngine engine = BuiltInEngine.open(new Admission(1, 2), cache)) {
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
    void samplesWithASeedRepeat() {
        try (WhisperEngine engine = BuiltInEngine.open(new Admission(1, 2), cache)) {
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
}
