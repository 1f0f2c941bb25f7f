package dev.parlo.engine.whisper.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.whisper.mel.ArrayAudio;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClipChunksTest {
    private static final int RATE = AudioSource.SAMPLE_RATE;
    private static final int MOST = 30 * RATE;

    @Test
    void chunksTogetherAreTheRecordingWhateverItsLength() {
        Random random = new Random(7);
        for (int length : new int[] {0, 1, 159, MOST - 1, MOST, MOST + 1, 3 * MOST, 1_234_567}) {
            float[] samples = new float[length];
            for (int i = 0; i < length; i++) {
                samples[i] = random.nextFloat() - 0.5f;
            }
            List<Chunk> chunks = all(new ArrayAudio(samples, 4321), List.of());
            long next = 0;
            for (Chunk chunk : chunks) {
                assertThat(chunk.start()).isEqualTo(next);
                assertThat(chunk.samples().length).isBetween(1, MOST);
                for (int i = 0; i < chunk.samples().length; i += 997) {
                    assertThat(chunk.samples()[i]).isEqualTo(samples[(int) next + i]);
                }
                next += chunk.samples().length;
            }
            assertThat(next).isEqualTo(length);
        }
        assertThat(all(new ArrayAudio(new float[MOST], 999), List.of())).hasSize(1);
    }

    @Test
    void speechThatGoesOnIsCutWhereItIsQuiet() {
        float[] samples = new float[50 * RATE];
        for (int i = 0; i < samples.length; i++) {
            boolean pause = i > 27.3 * RATE && i < 27.5 * RATE;
            samples[i] = pause ? 0 : (float) Math.sin(i * 0.3);
        }
        List<Chunk> chunks = all(new ArrayAudio(samples, 8000), List.of(0.0));
        assertThat(chunks).hasSize(2);
        assertThat(chunks.getLast().startSeconds()).isBetween(27.3, 27.5);
    }

    @Test
    void clipsAreCutWhereTheyAreAskedForEvenBackwards() {
        float[] samples = new float[100 * RATE];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = i / (float) samples.length;
        }
        ArrayAudio audio = new ArrayAudio(samples, 5000);
        Chunks chunks =
                new ClipChunks(
                        audio,
                        List.of(40.0, 42.5, 5.0, 8.0, 41.0, 41.0, 120.0, 130.0, 99.0),
                        MOST,
                        new Cancellation());
        List<Double> bounds = new ArrayList<>();
        for (Chunk chunk = chunks.next(); chunk != null; chunk = chunks.next()) {
            assertThat(chunk.samples()[0]).isEqualTo(samples[(int) chunk.start()]);
            bounds.add(chunk.startSeconds());
            bounds.add(chunk.endSeconds());
        }
        assertThat(bounds).containsExactly(40.0, 42.5, 5.0, 8.0, 99.0, 100.0);
        assertThat(chunks.samples()).isEqualTo(samples.length);
    }

    @Test
    void aSpanOfTenHoursIsReadNoFurtherThanItsNextChunk() {
        EndlessAudio audio = new EndlessAudio(10 * 3600L * RATE);
        try (Chunks chunks = new ClipChunks(audio, List.of(), MOST, new Cancellation())) {
            long heard = 0;
            for (Chunk chunk = chunks.next(); chunk != null; chunk = chunks.next()) {
                heard += chunk.samples().length;
                assertThat(audio.read - heard).isLessThan(6L * RATE);
            }
            assertThat(heard).isEqualTo(10 * 3600L * RATE).isEqualTo(chunks.samples());
        }
    }

    @Test
    void readingOnIsCancelledWithinABlock() {
        Cancellation cancellation = new Cancellation();
        EndlessAudio audio = new EndlessAudio(Long.MAX_VALUE);
        audio.afterSamples = 1_000_000;
        audio.then = cancellation::cancel;
        Chunks chunks = new ClipChunks(audio, List.of(3600.0), MOST, cancellation);
        assertThatThrownBy(chunks::next)
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e ->
                                assertThat(e.category())
                                        .isEqualTo(EngineException.Category.CANCELLED));
        assertThat(audio.read).isLessThan(1_100_000);
    }

    private static List<Chunk> all(AudioSource audio, List<Double> clips) {
        List<Chunk> all = new ArrayList<>();
        try (Chunks chunks = new ClipChunks(audio, clips, MOST, new Cancellation())) {
            for (Chunk chunk = chunks.next(); chunk != null; chunk = chunks.next()) {
                all.add(chunk);
            }
        }
        return all;
    }

    /** Silence of any length, which takes no memory. */
    private static final class EndlessAudio implements AudioSource {
        private final long length;
        private long read;
        private long afterSamples = Long.MAX_VALUE;
        private Runnable then = () -> {};

        EndlessAudio(long length) {
            this.length = length;
        }

        @Override
        public Reader open() {
            return new Reader() {
                @Override
                public int read(float[] samples) {
                    int count = (int) Math.min(samples.length, length - read);
                    read += count;
                    if (read >= afterSamples) {
                        then.run();
                    }
                    return count == 0 ? -1 : count;
                }

                @Override
                public void close() {}
            };
        }
    }
}
