package dev.parlo.engine.vad;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.vad.TurnDetector.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TurnDetectorTest {
    private static final int WINDOW = VoiceActivityDetector.WINDOW;

    /** Takes the first sample of a window for the probability; counts windows that it heard. */
    private static final class Loudness implements VoiceActivityDetector {
        private int windows;

        @Override
        public Pass open() {
            return new Pass() {
                @Override
                public float[] probabilities(float[] samples, int count) {
                    windows += count;
                    float[] found = new float[count];
                    for (int i = 0; i < count; i++) {
                        found[i] = samples[i * WINDOW];
                    }
                    return found;
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public EngineFacts facts() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private static float[] windows(double... probabilities) {
        float[] samples = new float[probabilities.length * WINDOW];
        for (int i = 0; i < probabilities.length; i++) {
            Arrays.fill(samples, i * WINDOW, (i + 1) * WINDOW, (float) probabilities[i]);
        }
        return samples;
    }

    private static double[] repeated(double probability, int count) {
        double[] all = new double[count];
        Arrays.fill(all, probability);
        return all;
    }

    private static double[] joined(double[]... parts) {
        return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
    }

    private static TurnDetector detector(int silenceMs) {
        TurnDetector detector = new TurnDetector(new Loudness());
        detector.configure(0.5, silenceMs);
        return detector;
    }

    @Test
    void aTurnEndsWhenTheSilenceIsLongEnoughWhateverCameInTheFirstSeconds() {
        TurnDetector detector = detector(200);
        float[] audio = windows(joined(repeated(0, 3), repeated(1, 10), repeated(0, 10)));
        assertThat(detector.accept(audio, audio.length))
                .containsExactly(
                        new Event.Started(3 * WINDOW),
                        new Event.Paused(13 * WINDOW),
                        new Event.Stopped(13 * WINDOW + 200 * 16));
    }

    @Test
    void aClickIsNoTurnAndAShortPauseDoesNotEndOne() {
        TurnDetector detector = detector(400);
        float[] audio =
                windows(
                        joined(
                                repeated(0, 2),
                                repeated(1, 1),
                                repeated(0, 5),
                                repeated(1, 5),
                                repeated(0, 8),
                                repeated(1, 5),
                                repeated(0.4, 30),
                                repeated(0, 13)));
        assertThat(detector.accept(audio, audio.length))
                .containsExactly(
                        new Event.Started(8 * WINDOW),
                        new Event.Paused(13 * WINDOW),
                        new Event.Resumed(21 * WINDOW),
                        // neither voice nor silence is between the two thresholds
                        new Event.Paused(56 * WINDOW),
                        new Event.Stopped(56 * WINDOW + 400 * 16));
    }

    @Test
    void piecesOfAnySizeYieldTheSameAndNoAudioIsHeardTwice() {
        Random random = new Random(7);
        double[] probabilities = new double[600];
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] = (i / 40) % 2 == 0 ? 0.1 : 0.9;
        }
        float[] audio = windows(probabilities);
        Loudness loudness = new Loudness();
        TurnDetector pieces = new TurnDetector(loudness);
        pieces.configure(0.5, 300);
        List<Event> events = new ArrayList<>();
        for (int at = 0; at < audio.length; ) {
            int count = Math.min(audio.length - at, 1 + random.nextInt(3000));
            events.addAll(pieces.accept(Arrays.copyOfRange(audio, at, at + count), count));
            at += count;
        }
        assertThat(events)
                .isEqualTo(detector(300).accept(audio, audio.length))
                .hasSizeGreaterThan(9);
        assertThat(loudness.windows).isEqualTo(600);
    }

    @Test
    void afterARestartThePlacesGoOnWhereTheClientIs() {
        TurnDetector detector = detector(100);
        float[] voice = windows(repeated(1, 4));
        assertThat(detector.accept(voice, voice.length)).hasSize(1);
        detector.restart(100_000);
        assertThat(detector.accept(voice, voice.length))
                .containsExactly(new Event.Started(100_000));
    }
}
