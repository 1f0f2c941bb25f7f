package dev.parlo.engine.whisper.chunk;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.audio.AudioSource;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parts of a recording as chunks, in the order in which they are asked for. A part that is too long
 * becomes several chunks, cut at quiet places.
 */
public final class ClipChunks implements Chunks {
    private static final int BLOCK = 16_000;

    private final AudioSource audio;
    private final List<Double> clips;
    private final int most;
    private final Cancellation cancellation;
    private final float[] block = new float[BLOCK];

    /** One sample more than a chunk, which tells whether the clip goes on behind it. */
    private final float[] kept;

    private AudioSource.Reader reader;

    /** Index of the block's next sample in the recording. */
    private long position;

    private int blockFrom;
    private int blockEnd;
    private boolean ended;
    private int clip;
    private boolean inside;
    private long clipEnd;
    private long keptFrom;
    private int filled;

    /**
     * Opens the audio.
     *
     * @param clips pairs of start and end in seconds; without a last end the recording's is meant,
     *     and none at all is the whole recording
     * @param most samples of a chunk
     */
    public ClipChunks(AudioSource audio, List<Double> clips, int most, Cancellation cancellation) {
        this.audio = audio;
        this.clips = clips.isEmpty() ? List.of(0.0) : clips;
        this.most = most;
        this.cancellation = cancellation;
        kept = new float[most + 1];
        reader = audio.open();
    }

    @Override
    public @Nullable Chunk next() {
        while (inside || clip < clips.size()) {
            cancellation.check();
            if (!inside) {
                begin();
            }
            fill();
            if (filled > 0) {
                return cut();
            }
            inside = false;
            clip += 2;
        }
        skipTo(Long.MAX_VALUE); // for the length
        return null;
    }

    private void begin() {
        inside = true;
        keptFrom = sample(clips.get(clip));
        clipEnd = clip + 1 < clips.size() ? sample(clips.get(clip + 1)) : Long.MAX_VALUE;
        if (keptFrom < position) { // clips may overlap, and go backwards
            reader.close();
            reader = audio.open();
            position = 0;
            blockFrom = blockEnd = 0;
            ended = false;
        }
        skipTo(keptFrom);
    }

    private void fill() {
        while (filled < kept.length && position < clipEnd && available()) {
            int room = (int) Math.min(kept.length - filled, clipEnd - position);
            int taken = Math.min(room, blockEnd - blockFrom);
            System.arraycopy(block, blockFrom, kept, filled, taken);
            filled += taken;
            consume(taken);
        }
    }

    private Chunk cut() {
        int length = filled <= most ? filled : QuietPlace.before(most, kept);
        Chunk chunk = new Chunk(keptFrom, Arrays.copyOf(kept, length), false);
        System.arraycopy(kept, length, kept, 0, filled - length);
        filled -= length;
        keptFrom += length;
        return chunk;
    }

    private void skipTo(long sample) {
        while (position < sample && available()) {
            consume((int) Math.min(blockEnd - blockFrom, sample - position));
        }
    }

    /** Whether the block has samples, after reading the next one where it had none. */
    private boolean available() {
        if (blockFrom == blockEnd && !ended) {
            cancellation.check();
            int count = reader.read(block);
            ended = count < 0;
            blockFrom = 0;
            blockEnd = Math.max(0, count);
        }
        return blockFrom < blockEnd;
    }

    private void consume(int count) {
        blockFrom += count;
        position += count;
    }

    private static long sample(double seconds) {
        return (long) (seconds * AudioSource.SAMPLE_RATE);
    }

    @Override
    public long samples() {
        return position;
    }

    @Override
    public void close() {
        reader.close();
    }
}
