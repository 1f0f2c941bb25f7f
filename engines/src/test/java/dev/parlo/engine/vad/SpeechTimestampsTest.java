package dev.parlo.engine.vad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpeechTimestampsTest {
    private static final VadOptions PLAIN =
            new VadOptions(0.5, null, 0, Double.POSITIVE_INFINITY, 100, 0);

    @Test
    void oneSpanFromTheFirstWindowAboveTheThresholdToTheFirstBelowTheOther() {
        // 0.4 lies between the thresholds; the pause at window 5 is longer than 100 ms at window 9.
        assertThat(spans(PLAIN, 10 * 512, 0, 0.9f, 0.4f, 0.9f, 0.4f, 0, 0, 0, 0, 0))
                .containsExactly(new SpeechSpan(512, 5 * 512));
    }

    @Test
    void speechAtTheEndEndsWithTheAudio() {
        assertThat(spans(PLAIN, 700, 0.9f, 0.9f)).containsExactly(new SpeechSpan(0, 700));
    }

    @Test
    void silenceHasNoSpans() {
        assertThat(spans(PLAIN, 2 * 512, 0.1f, 0.2f)).isEmpty();
        assertThat(spans(PLAIN, 0)).isEmpty();
    }

    @Test
    void everyOptionGivesWhatThePlainVersionGives() {
        Random random = new Random(7);
        for (int round = 0; round < 3000; round++) {
            VadOptions options =
                    new VadOptions(
                            0.3 + 0.5 * random.nextDouble(),
                            random.nextBoolean() ? null : 0.3 * random.nextDouble(),
                            random.nextInt(400),
                            random.nextBoolean()
                                    ? 0.2 + 3 * random.nextDouble()
                                    : Double.POSITIVE_INFINITY,
                            random.nextInt(600),
                            random.nextInt(300));
            float[] probabilities = walk(random, random.nextInt(200));
            long length = Math.max(0, probabilities.length * 512L - random.nextInt(512));
            assertThat(spans(options, length, probabilities))
                    .as("%s of %s windows, round %s", options, probabilities.length, round)
                    .isEqualTo(PlainTimestamps.of(probabilities, length, options));
        }
    }

    /** Stays near where it is for some windows, as real probabilities do. */
    private static float[] walk(Random random, int windows) {
        float[] probabilities = new float[windows];
        float level = 0;
        for (int i = 0; i < windows; i++) {
            if (random.nextInt(6) == 0) {
                level = random.nextFloat();
            }
            probabilities[i] = Math.clamp(level + 0.2f * (random.nextFloat() - 0.5f), 0, 1);
        }
        return probabilities;
    }

    @Test
    void optionsOutOfRangeAreRefusedByName() {
        assertThatThrownBy(() -> new VadOptions(1.5, null, 0, 30, 0, 0))
                .isInstanceOf(EngineException.class)
                .hasMessage("threshold is 1.5; it must be a number from 0.0 to 1.0.");
        assertThatThrownBy(() -> new VadOptions(0.5, Double.NaN, 0, 30, 0, 0))
                .hasMessageStartingWith("neg_threshold is NaN");
        assertThatThrownBy(() -> new VadOptions(0.5, null, 0, -1, 0, 0))
                .hasMessageStartingWith("max_speech_duration_s is -1.0");
        assertThatThrownBy(() -> new VadOptions(0.5, null, -1, 30, 0, 0))
                .hasMessageStartingWith("min_speech_duration_ms is -1");
    }

    private static List<SpeechSpan> spans(VadOptions options, long length, float... windows) {
        List<SpeechSpan> spans = new ArrayList<>();
        SpeechTimestamps timestamps = new SpeechTimestamps(options, spans::add);
        for (float probability : windows) {
            timestamps.accept(probability);
        }
        timestamps.finish(length);
        return spans;
    }
}
