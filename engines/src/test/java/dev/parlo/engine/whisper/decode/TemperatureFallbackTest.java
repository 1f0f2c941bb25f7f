package dev.parlo.engine.whisper.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TemperatureFallbackTest {
    @Test
    void theFirstGoodAnswerIsTaken() {
        TemperatureFallback.Attempt attempt =
                run(
                        options(2.4, -1.0, 0.6),
                        answer(-1.5, 0.1, 1),
                        answer(-0.5, 0.1, 1),
                        answer(-0.1, 0.1, 1));
        assertThat(attempt.temperature()).isEqualTo(0.2);
        assertThat(attempt.window().averageLogProbability()).isEqualTo(-0.5);
    }

    @Test
    void aLikelyRepetitionIsTriedAgain() {
        assertThat(
                        run(options(2.4, -1.0, 0.6), answer(-0.1, 0.1, 3), answer(-0.9, 0.1, 1))
                                .temperature())
                .isEqualTo(0.2);
    }

    @Test
    void silenceIsAcceptedAtOnce() {
        assertThat(
                        run(options(2.4, -1.0, 0.6), answer(-1.5, 0.7, 5), answer(-0.1, 0.1, 1))
                                .temperature())
                .isZero();
    }

    @Test
    void whereAllFailTheLikeliestWithoutRepetitionIsTakenAtTheLastTemperature() {
        TemperatureFallback.Attempt attempt =
                run(
                        options(2.4, -1.0, 0.6),
                        answer(-0.1, 0, 3),
                        answer(-2, 0, 1),
                        answer(-3, 0, 1));
        assertThat(attempt.window().averageLogProbability()).isEqualTo(-2);
        assertThat(attempt.temperature()).isEqualTo(0.4);
        attempt =
                run(options(2.4, -1.0, 0.6), answer(-5, 0, 3), answer(-2, 0, 4), answer(-3, 0, 5));
        assertThat(attempt.window().averageLogProbability()).isEqualTo(-2);
        assertThat(attempt.compressionRatio()).isEqualTo(4);
    }

    @Test
    void thresholdsCanBeDisabled() {
        assertThat(
                        run(options(null, null, null), answer(-9, 0, 30), answer(-1, 0, 1))
                                .temperature())
                .isZero();
    }

    private static FallbackOptions options(
            @Nullable Double compression, @Nullable Double logProb, @Nullable Double noSpeech) {
        return new FallbackOptions(List.of(0.0, 0.2, 0.4), compression, logProb, noSpeech);
    }

    private record Answer(double logProb, double noSpeech, double compression) {}

    private static Answer answer(double logProb, double noSpeech, double compression) {
        return new Answer(logProb, noSpeech, compression);
    }

    private static TemperatureFallback.Attempt run(FallbackOptions options, Answer... answers) {
        TemperatureFallback fallback =
                new TemperatureFallback(
                        options,
                        temperature -> {
                            int index = (int) Math.round(temperature / 0.2);
                            return new Finished(index, answers[index]);
                        },
                        tokens -> answers[tokens[0]].compression());
        return fallback.run(search -> {
            search.accept(List.of());
            return search.result();
        });
    }

    /** A search that answers after its first step. */
    private static final class Finished implements WindowSearch {
        private final int index;
        private final Answer answer;
        private boolean done;

        Finished(int index, Answer answer) {
            this.index = index;
            this.answer = answer;
        }

        @Override
        public int rows() {
            return 1;
        }

        @Override
        public boolean isDone() {
            return done;
        }

        @Override
        public List<StepRow> nextRows() {
            return List.of();
        }

        @Override
        public List<RowCopy> accept(List<StepResult> results) {
            done = true;
            return List.of();
        }

        @Override
        public DecodedWindow result() {
            return new DecodedWindow(
                    new int[] {index}, new float[1], 0, answer.logProb(), answer.noSpeech());
        }
    }
}
