package dev.parlo.engine.vad;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.audio.AudioSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Finds the speech of some audio, block by block, in memory that does not grow with its length. */
public final class SpeechScan {
    /** Windows of one run, about 16 s; more do not make the detector faster. */
    private static final int BLOCK = 512;

    /** What faster-whisper zeroes at the end of the last window; see {@link #finish}. */
    private static final int ZEROED = 64;

    private final VoiceActivityDetector detector;

    public SpeechScan(VoiceActivityDetector detector) {
        this.detector = detector;
    }

    /** The spans of the whole audio, in order. */
    public List<SpeechSpan> spans(
            AudioSource audio, VadOptions options, Cancellation cancellation) {
        List<SpeechSpan> spans = new ArrayList<>();
        scan(audio, options, cancellation, spans::add);
        return spans;
    }

    /**
     * Hands on each span as soon as it is known.
     *
     * @return the length of the audio in samples
     */
    public long scan(
            AudioSource audio,
            VadOptions options,
            Cancellation cancellation,
            Consumer<SpeechSpan> spans) {
        SpeechTimestamps timestamps = new SpeechTimestamps(options, spans);
        float[] block = new float[BLOCK * VoiceActivityDetector.WINDOW];
        float[] read = new float[block.length];
        long length = 0;
        int filled = 0;
        try (AudioSource.Reader reader = audio.open();
                VoiceActivityDetector.Pass pass = detector.open()) {
            for (int count = reader.read(read); count >= 0; count = reader.read(read)) {
                length += count;
                for (int taken = 0; taken < count; ) {
                    int part = Math.min(count - taken, block.length - filled);
                    System.arraycopy(read, taken, block, filled, part);
                    taken += part;
                    filled += part;
                    if (filled == block.length) {
                        cancellation.check();
                        hear(pass, timestamps, block, BLOCK);
                        filled = 0;
                    }
                }
            }
            cancellation.check();
            finish(pass, timestamps, block, filled);
        }
        timestamps.finish(length);
        return length;
    }

    /**
     * The last windows. faster-whisper fills the last one with zeros, and adds one when nothing is
     * left to fill; it also zeroes the last 64 samples of that window, as a side effect of the way
     * it shifts its context. Spans that end with the audio depend on it.
     */
    private static void finish(
            VoiceActivityDetector.Pass pass,
            SpeechTimestamps timestamps,
            float[] block,
            int filled) {
        int windows = filled / VoiceActivityDetector.WINDOW + 1;
        int end = windows * VoiceActivityDetector.WINDOW;
        float[] last = Arrays.copyOf(Arrays.copyOf(block, filled), end);
        Arrays.fill(last, end - ZEROED, end, 0);
        hear(pass, timestamps, last, windows);
    }

    private static void hear(
            VoiceActivityDetector.Pass pass,
            SpeechTimestamps timestamps,
            float[] samples,
            int windows) {
        for (float probability : pass.probabilities(samples, windows)) {
            timestamps.accept(probability);
        }
    }
}
