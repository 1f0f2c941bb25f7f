package dev.parlo.engine.vad;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Segment;
import dev.parlo.engine.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpeechTimesTest {
    @Test
    void timesAreThoseOfFasterWhispersMap() {
        Random random = new Random(5);
        for (int round = 0; round < 500; round++) {
            List<SpeechSpan> spans = spans(random);
            SpeechTimes times = new SpeechTimes();
            spans.forEach(times::add);
            PlainMap plain = new PlainMap(spans);
            for (int i = 0; i < 40; i++) {
                double time = time(random, spans);
                assertThat(times.start(time)).isEqualTo(plain.original(time, false));
                double end = time + random.nextInt(300) / 100.0;
                Segment segment = times.inAudio(segment(time, end, null));
                assertThat(segment.start()).isEqualTo(plain.original(time, false));
                assertThat(segment.end())
                        .isEqualTo(
                                Math.max(plain.original(time, false), plain.original(end, true)));
            }
        }
    }

    @Test
    void aWordBelongsToTheStretchThatItsMiddleIsIn() {
        SpeechTimes times = new SpeechTimes();
        times.add(new SpeechSpan(16_000, 32_000)); // 1 s to 2 s
        times.add(new SpeechSpan(80_000, 96_000)); // 5 s to 6 s
        Segment segment =
                times.inAudio(
                        segment(
                                0.2,
                                1.8,
                                List.of(
                                        new Word(0.2, 0.9, " One", 1),
                                        new Word(0.9, 1.05, " two", 1),
                                        new Word(0.95, 1.4, " three", 1))));
        assertThat(segment.words()).extracting(Word::start).containsExactly(1.2, 1.9, 4.95);
        assertThat(segment.words()).extracting(Word::end).containsExactly(1.9, 2.05, 5.4);
        assertThat(segment.start()).isEqualTo(1.2);
        assertThat(segment.end()).isEqualTo(5.4);
    }

    @Test
    void theLengthIsThatOfTheWholeAudioOnceItIsKnown() {
        SpeechTimes times = new SpeechTimes();
        assertThat(times.duration(3)).isEqualTo(3);
        times.add(new SpeechSpan(16_000, 32_000));
        assertThat(times.duration(1)).isEqualTo(2);
        times.end(160_000);
        assertThat(times.duration(1)).isEqualTo(10);
    }

    @Test
    void aWindowThatBeginsWithAStretchIsOfThatStretch() {
        SpeechTimes times = new SpeechTimes();
        times.add(new SpeechSpan(0, 16_050)); // ends within a frame of 10 ms
        times.add(new SpeechSpan(160_000, 176_000));
        Segment heard = segment(1.1, 1.5, null);
        Segment segment = times.inAudio(heard.withTimes(100, 1.1, 1.5, null));
        assertThat(segment.seek()).isEqualTo(1000);
    }

    @Test
    void withoutStretchesNothingIsMoved() {
        Segment segment = segment(1, 2, null);
        assertThat(new SpeechTimes().inAudio(segment)).isSameAs(segment);
    }

    private static List<SpeechSpan> spans(Random random) {
        List<SpeechSpan> spans = new ArrayList<>();
        long at = random.nextInt(3) * 512L;
        int count = 1 + random.nextInt(9);
        for (int i = 0; i < count; i++) {
            long end = at + 160L * (1 + random.nextInt(300));
            spans.add(new SpeechSpan(at, end));
            at = end + 160L * random.nextInt(200);
        }
        return spans;
    }

    /** Anywhere, and often exactly where two stretches meet. */
    private static double time(Random random, List<SpeechSpan> spans) {
        long speech = spans.stream().mapToLong(SpeechSpan::length).sum();
        if (random.nextBoolean()) {
            return random.nextInt((int) (speech / 320) + 50) / 50.0;
        }
        long end = 0;
        for (int i = random.nextInt(spans.size()); i >= 0; i--) {
            end += spans.get(i).length();
        }
        return end / 16_000.0;
    }

    private static Segment segment(double start, double end, @Nullable List<Word> words) {
        return new Segment(1, 0, start, end, " x", new int[0], 0, 1, 0, 0, words, null);
    }

    /** As it stands in faster-whisper, line by line. */
    private static final class PlainMap {
        private final List<Long> ends = new ArrayList<>();
        private final List<Double> silenceBefore = new ArrayList<>();

        PlainMap(List<SpeechSpan> spans) {
            long previousEnd = 0;
            long silent = 0;
            for (SpeechSpan span : spans) {
                silent += span.start() - previousEnd;
                previousEnd = span.end();
                ends.add(span.end() - silent);
                silenceBefore.add(silent / 16_000.0);
            }
        }

        double original(double time, boolean isEnd) {
            return Math.rint((silenceBefore.get(index(time, isEnd)) + time) * 100) / 100;
        }

        private int index(double time, boolean isEnd) {
            long sample = (long) (time * 16_000);
            if (isEnd && ends.contains(sample)) {
                return ends.indexOf(sample);
            }
            int at = 0;
            while (at < ends.size() && ends.get(at) <= sample) {
                at++;
            }
            return Math.min(at, ends.size() - 1);
        }
    }
}
