package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.admission.Admission;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Windows that are encoded in part. */
@Timeout(180)
@Tag("locale")
class AudioContextTest {
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

    /** With the built-in model; how much other models bear is in docs/accuracy.md. */
    @Tag("once")
    @Test
    void shortWindowsSayWhatWholeOnesDo() {
        try (WhisperEngine engine = BuiltInEngine.open(new Admission(1, 2), cache)) {
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
        try (WhisperEngine usual = BuiltInEngine.open(new Admission(1, 2), cache);
                WhisperEngine some = BuiltInEngine.open(new Admission(1, 2), 100, cache)) {
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
}
