package dev.parlo.engine.speaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.audio.AudioSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The whole of it over networks that read from a script who speaks: in each window the local
 * speakers are numbered by chance, and a voice is its direction with some noise.
 */
final class DiarizationRunTest {
    private static final int[][] SETS = {{}, {0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}};

    /** Knows the turns; window after window. */
    private static final class Script implements DiarizationRun.Segmenter, DiarizationRun.Embedder {
        private final List<SpeakerTurn> truth;
        private final Random random;
        private int window = -1;
        private final List<Integer> present = new ArrayList<>();
        private byte[] classes = new byte[0];

        Script(List<SpeakerTurn> truth, int seed) {
            this.truth = truth;
            this.random = new Random(seed);
        }

        @Override
        public byte[] classes(float[] samples, Cancellation cancellation) {
            window++;
            present.clear();
            Set<Integer> heard = new HashSet<>();
            for (SpeakerTurn turn : truth) {
                if (turn.start() < window + 10 && turn.end() > window) {
                    heard.add(turn.speaker());
                }
            }
            present.addAll(heard);
            java.util.Collections.shuffle(present, random);
            classes = new byte[WindowTracks.FRAMES];
            for (int f = 0; f < classes.length; f++) {
                double time = window + WindowTracks.time(f);
                int set = 0;
                for (int k = 0; k < Math.min(3, present.size()); k++) {
                    set |= speaks(present.get(k), time) ? 1 << k : 0;
                }
                for (int c = 0; c < SETS.length; c++) {
                    int bits = 0;
                    for (int k : SETS[c]) {
                        bits |= 1 << k;
                    }
                    classes[f] = bits == set ? (byte) c : classes[f];
                }
            }
            return classes.clone();
        }

        private boolean speaks(int speaker, double time) {
            return truth.stream()
                    .anyMatch(turn ->
                            turn.speaker() == speaker && turn.start() <= time && time < turn.end());
        }

        @Override
        public void move(float[] samples) {}

        @Override
        public float @Nullable [] embed(boolean[] heard, Cancellation cancellation) {
            WindowTracks tracks = new WindowTracks(classes, new float[3][]);
            for (int k = 0; k < 3; k++) {
                if (tracks.active(k) > 0 && java.util.Arrays.equals(tracks.heard(k), heard)) {
                    return voice(present.get(k));
                }
            }
            throw new AssertionError("nobody was heard so");
        }

        private float[] voice(int speaker) {
            float[] vector = new float[64];
            for (int d = 0; d < vector.length; d++) {
                vector[d] = (float) (random.nextGaussian() * 0.05);
            }
            vector[speaker] += 1;
            return vector;
        }
    }

    private static AudioSource silence(double seconds) {
        return ToneVoices.source(new float[(int) (seconds * AudioSource.SAMPLE_RATE)]);
    }

    private static Diarization run(Script script, double seconds, DiarizationOptions options) {
        return new DiarizationRun(script, script, options, new Cancellation())
                .run(silence(seconds));
    }

    private static List<SpeakerTurn> meeting(int speakers, double seconds, int seed) {
        Random random = new Random(seed);
        List<SpeakerTurn> turns = new ArrayList<>();
        double time = 0.5;
        int speaker = 0;
        while (time < seconds - 8) {
            double length = 3 + 4 * random.nextDouble();
            turns.add(new SpeakerTurn(time, time + length, speaker));
            time += length + random.nextDouble() - 0.3; // now and then into one another
            speaker = (speaker + 1 + random.nextInt(speakers - 1)) % speakers;
        }
        return turns;
    }

    @Test
    void theTruthIsFoundWhateverTheLocalSpeakersAreCalled() {
        for (int seed = 0; seed < 6; seed++) {
            List<SpeakerTurn> truth = meeting(2 + seed, 180, seed);
            Diarization found = run(new Script(truth, seed), 180, DiarizationOptions.ANY);
            assertThat(DiarizationError.of(truth, found.turns()).rate()).isLessThan(0.02);
            assertThat(found.speakers())
                    .isEqualTo((int) truth.stream().map(SpeakerTurn::speaker).distinct().count());
            assertThat(found.turns().getFirst().speaker()).isZero();
            for (int i = 1; i < found.exclusive().size(); i++) {
                assertThat(found.exclusive().get(i).start())
                        .isGreaterThanOrEqualTo(found.exclusive().get(i - 1).end());
            }
        }
    }

    @Test
    void fewerSpeakersThanThereAreAreFoundWhereFewerAreAskedFor() {
        List<SpeakerTurn> truth = meeting(4, 120, 1);
        assertThat(run(new Script(truth, 1), 120, new DiarizationOptions(1, 2)).speakers())
                .isEqualTo(2);
        Diarization one = run(new Script(truth, 1), 120, new DiarizationOptions(1, 1));
        assertThat(one.speakers()).isEqualTo(1);
        assertThat(one.turns()).isEqualTo(one.exclusive());
    }

    @Test
    void nobodySpeaksInSilence() {
        Diarization found = run(new Script(List.of(), 0), 25, DiarizationOptions.ANY);
        assertThat(found.turns()).isEmpty();
        assertThat(found.speakers()).isZero();
        assertThat(found.durationSeconds()).isEqualTo(25);
    }

    /** Of someone who only says a word nothing is embedded; the word is somebody's all the same. */
    @Test
    void aWordTooShortToTellAVoiceIsStillATurn() {
        List<SpeakerTurn> truth = List.of(new SpeakerTurn(1, 1.12, 0));
        Diarization found = run(new Script(truth, 0), 3, DiarizationOptions.ANY);
        assertThat(found.turns()).hasSize(1);
        assertThat(found.speakers()).isEqualTo(1);
        assertThat(KnownSpeakersTest.names(found, new float[64])).containsExactly((String) null);
    }

    @Test
    void turnsEndWithTheAudioAndNotInTheSilenceBehindIt() {
        List<SpeakerTurn> truth = List.of(new SpeakerTurn(2, 30, 0));
        Diarization found = run(new Script(truth, 0), 12.3, DiarizationOptions.ANY);
        assertThat(found.turns()).hasSize(1);
        assertThat(found.turns().getFirst().end()).isEqualTo(12.3);
    }

    @Test
    void voicesWithoutFiniteNumbersAreLeftOutUnlessAllAre() {
        List<SpeakerTurn> truth = meeting(2, 60, 3);
        Script some = new Script(truth, 3);
        DiarizationRun.Embedder now =
                new DiarizationRun.Embedder() {
                    private int calls;

                    @Override
                    public void move(float[] samples) {}

                    @Override
                    public float @Nullable [] embed(boolean[] heard, Cancellation cancellation) {
                        float[] vector = some.embed(heard, cancellation);
                        if (++calls % 4 == 0 && vector != null) {
                            vector[0] = Float.NaN;
                        }
                        return vector;
                    }
                };
        Diarization found =
                new DiarizationRun(some, now, DiarizationOptions.ANY, new Cancellation())
                        .run(silence(60));
        assertThat(found.speakers()).isEqualTo(2);
        assertThat(DiarizationError.of(truth, found.turns()).rate()).isLessThan(0.1);
        Script all = new Script(truth, 3);
        DiarizationRun.Embedder never =
                new DiarizationRun.Embedder() {
                    @Override
                    public void move(float[] samples) {}

                    @Override
                    public float[] embed(boolean[] heard, Cancellation cancellation) {
                        return new float[] {Float.NaN};
                    }
                };
        assertThatThrownBy(() ->
                        new DiarizationRun(all, never, DiarizationOptions.ANY, new Cancellation())
                                .run(silence(60)))
                .asInstanceOf(InstanceOfAssertFactories.type(EngineException.class))
                .returns(Category.BAD_MODEL, EngineException::category);
    }

    @Test
    void audioOfMoreThanHalfADayIsRefused() {
        long[] left = {(DiarizationRun.MOST_WINDOWS + 20L) * AudioSource.SAMPLE_RATE};
        AudioSource endless =
                () ->
                        new AudioSource.Reader() {
                            @Override
                            public int read(float[] samples) {
                                int n = (int) Math.min(samples.length, left[0]);
                                left[0] -= n;
                                return n == 0 ? -1 : n;
                            }

                            @Override
                            public void close() {}
                        };
        byte[] nobody = new byte[WindowTracks.FRAMES];
        DiarizationRun.Embedder deaf =
                new DiarizationRun.Embedder() {
                    @Override
                    public void move(float[] samples) {}

                    @Override
                    public float @Nullable [] embed(boolean[] heard, Cancellation cancellation) {
                        return null;
                    }
                };
        assertThatThrownBy(() ->
                        new DiarizationRun(
                                        (samples, cancellation) -> nobody,
                                        deaf,
                                        DiarizationOptions.ANY,
                                        new Cancellation())
                                .run(endless))
                .asInstanceOf(InstanceOfAssertFactories.type(EngineException.class))
                .returns(Category.TOO_LARGE, EngineException::category);
    }
}
