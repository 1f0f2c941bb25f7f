package dev.parlo.engine.whisper.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Placement;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.vad.SpeechAudio;
import dev.parlo.engine.vad.VadOptions;
import dev.parlo.engine.vad.VoiceActivityDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

class SpeechChunksTest {
    private static final int RATE = AudioSource.SAMPLE_RATE;
    private static final int MOST = 30 * RATE;

    /** Spans without padding, which may be as long as the reader takes. */
    private static final VadOptions PLAIN = new VadOptions(0.5, null, 0, 120, 100, 0);

    @Test
    void aThousandTinySpansFillChunksToTheLimit() {
        // A quarter of a second in every second.
        List<Chunk> chunks = chunks(1000, i -> i % RATE < RATE / 4, VadOptions.BATCHED);
        long next = 0;
        for (Chunk chunk : chunks) {
            assertThat(chunk.start()).isEqualTo(next);
            assertThat(chunk.samples().length).isBetween(1, MOST);
            next += chunk.samples().length;
        }
        // With padding no pause is left out at all here, and nothing is heard twice.
        assertThat(next).isBetween(999L * RATE, 1000L * RATE);
        assertThat(chunks).hasSizeBetween(34, 36);

        List<Chunk> bare = chunks(1000, i -> i % RATE < RATE / 4, PLAIN);
        assertThat(bare).hasSizeBetween(9, 10);
        assertThat(bare.getFirst().samples().length).isGreaterThan(29 * RATE);
    }

    @Test
    void aSpanThatDoesNotFitBeginsTheNextChunk() {
        List<Chunk> chunks =
                chunks(70, i -> within(i, 1, 21) || within(i, 25, 40) || within(i, 50, 52), PLAIN);
        assertThat(chunks).hasSize(2);
        assertThat(chunks.get(0).samples().length / (double) RATE).isBetween(19.9, 20.1);
        assertThat(chunks.get(1).startSeconds()).isBetween(19.9, 20.1);
        assertThat(chunks.get(1).samples().length / (double) RATE).isBetween(16.8, 17.2);
    }

    @Test
    void aSpanLongerThanAWindowBecomesSeveralAndTheRestIsJoined() {
        List<Chunk> chunks = chunks(100, i -> within(i, 1, 63) || within(i, 70, 75), PLAIN);
        assertThat(chunks)
                .allSatisfy(c -> assertThat(c.samples().length).isLessThanOrEqualTo(MOST));
        assertThat(chunks).hasSize(3);
        double all = chunks.stream().mapToInt(c -> c.samples().length).sum() / (double) RATE;
        assertThat(all).isBetween(66.8, 67.2);
    }

    @Test
    void silenceHasNoChunks() {
        assertThat(chunks(100, i -> false, VadOptions.BATCHED)).isEmpty();
        assertThat(chunks(0, i -> false, VadOptions.BATCHED)).isEmpty();
    }

    private static boolean within(long sample, int from, int to) {
        return sample >= (long) from * RATE && sample < (long) to * RATE;
    }

    private static List<Chunk> chunks(int seconds, LongPredicate speech, VadOptions options) {
        Cancellation never = new Cancellation();
        SpeechAudio audio =
                new SpeechAudio(new Marked(seconds, speech), new Ears(), options, never);
        List<Chunk> all = new ArrayList<>();
        try (Chunks chunks = new SpeechChunks(audio.speech(never), MOST)) {
            for (Chunk chunk = chunks.next(); chunk != null; chunk = chunks.next()) {
                all.add(chunk);
            }
            long samples = all.stream().mapToLong(chunk -> chunk.samples().length).sum();
            assertThat(chunks.samples()).isEqualTo(samples);
        }
        return all;
    }

    /** Samples of 1 where somebody speaks, of 0 elsewhere. */
    private record Marked(int seconds, LongPredicate speech) implements AudioSource {
        @Override
        public Reader open() {
            return new Reader() {
                private long position;

                @Override
                public int read(float[] samples) {
                    int count = (int) Math.min(samples.length, (long) seconds * RATE - position);
                    for (int i = 0; i < count; i++) {
                        samples[i] = speech.test(position++) ? 1 : 0;
                    }
                    return count == 0 ? -1 : count;
                }

                @Override
                public void close() {}
            };
        }
    }

    /** Hears speech in every window whose first sample is not 0. */
    private static final class Ears implements VoiceActivityDetector {
        @Override
        public Pass open() {
            return new Pass() {
                @Override
                public float[] probabilities(float[] samples, int windows) {
                    float[] found = new float[windows];
                    for (int i = 0; i < windows; i++) {
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
            return new EngineFacts(Placement.Cpu.threads(1), ComputeType.FLOAT32, "test", 0);
        }

        @Override
        public void close() {}
    }
}
