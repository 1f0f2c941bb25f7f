package dev.parlo.engine.vad;

import dev.parlo.engine.audio.AudioSource;
import java.util.List;

/** Reads the stretches of speech of some audio, one after another. Not thread-safe. */
final class SpeechOnly implements AudioSource.Reader {
    private static final int BLOCK = 1 << 14;

    private final AudioSource.Reader audio;
    private final List<SpeechSpan> spans;
    private final float[] block = new float[BLOCK];
    private int next;

    /** Where the block begins in the audio, and how much of it there is. */
    private long base;

    private int filled;

    /** Samples of the audio that were read or passed. */
    private long position;

    SpeechOnly(AudioSource.Reader audio, List<SpeechSpan> spans) {
        this.audio = audio;
        this.spans = spans;
    }

    @Override
    public int read(float[] samples) {
        while (next < spans.size()) {
            SpeechSpan span = spans.get(next);
            position = Math.max(position, span.start());
            if (position >= span.end()) {
                next++;
                continue;
            }
            while (base + filled <= position) {
                base += filled;
                filled = audio.read(block);
                if (filled < 0) {
                    filled = 0;
                    next = spans.size(); // shorter than when it was looked through
                    return -1;
                }
            }
            int from = (int) (position - base);
            int count = (int) Math.min(filled - from, span.end() - position);
            count = Math.min(count, samples.length);
            System.arraycopy(block, from, samples, 0, count);
            position += count;
            return count;
        }
        return -1;
    }

    @Override
    public void close() {
        audio.close();
    }
}
