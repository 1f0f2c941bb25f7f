package dev.parlo.engine.whisper.chunk;

import dev.parlo.engine.vad.Speech;
import dev.parlo.engine.vad.SpeechReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Speech in chunks: stretches that follow each other are joined as long as they fit, and one that
 * is too long is cut at a quiet place. As faster-whisper's {@code collect_chunks}; times are those
 * of the speech without its pauses.
 */
public final class SpeechChunks implements Chunks {
    private final SpeechReader speech;
    private final int most;

    /** What did not fit into the chunk before; empty for nothing. */
    private float[] pending = new float[0];

    private long handedOn;

    /**
     * @param speech closed with this
     * @param most samples of a chunk
     */
    public SpeechChunks(SpeechReader speech, int most) {
        this.speech = speech;
        this.most = most;
    }

    @Override
    public @Nullable Chunk next() {
        List<float[]> joined = new ArrayList<>();
        int length = 0;
        for (float[] next = stretch(); next.length > 0; next = stretch()) {
            if (length + next.length > most) {
                if (length == 0) {
                    int cut = QuietPlace.before(most, next);
                    pending = Arrays.copyOfRange(next, cut, next.length);
                    return chunk(Arrays.copyOf(next, cut));
                }
                pending = next;
                break;
            }
            joined.add(next);
            length += next.length;
        }
        return length == 0 ? null : chunk(join(joined, length));
    }

    /** The next samples of speech; none at the end. */
    private float[] stretch() {
        float[] next = pending;
        pending = new float[0];
        while (next.length == 0) {
            Speech read = speech.next();
            if (read == null) {
                return next;
            }
            next = read.samples();
        }
        return next;
    }

    private static float[] join(List<float[]> stretches, int length) {
        if (stretches.size() == 1) {
            return stretches.getFirst();
        }
        float[] samples = new float[length];
        int at = 0;
        for (float[] stretch : stretches) {
            System.arraycopy(stretch, 0, samples, at, stretch.length);
            at += stretch.length;
        }
        return samples;
    }

    private Chunk chunk(float[] samples) {
        Chunk chunk = new Chunk(handedOn, samples, true);
        handedOn += samples.length;
        return chunk;
    }

    @Override
    public long samples() {
        return handedOn;
    }

    @Override
    public void close() {
        speech.close();
    }
}
