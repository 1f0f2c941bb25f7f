package dev.parlo.engine.vad;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.audio.AudioSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The speech of some audio in one pass: each call reads on until the next stretch is known, and
 * hands it on with its samples. It holds what may still become part of a stretch, which {@code
 * max_speech_duration_s} and the padding bound. The thread that asks computes. Not thread-safe.
 */
public final class SpeechReader implements AutoCloseable {
    /** Seconds; what is held of a longer stretch would be too much for one of many requests. */
    private static final double LONGEST = 120;

    private final AudioSource.Reader audio;
    private final SpeechDetection detection;
    private final Deque<SpeechSpan> found = new ArrayDeque<>();
    private final SpeechTimes times;
    private final Cancellation cancellation;
    private final float[] block = new float[SpeechDetection.BLOCK];

    /** Samples from {@code base} on. */
    private float[] kept = new float[2 * SpeechDetection.BLOCK];

    private long base;
    private long length;
    private boolean ended;

    /**
     * @param times is told of each stretch before it is handed on
     * @throws EngineException BAD_REQUEST for options that do not bound a stretch
     */
    SpeechReader(
            AudioSource audio,
            VoiceActivityDetector detector,
            VadOptions options,
            SpeechTimes times,
            Cancellation cancellation) {
        if (options.maxSpeechDurationS() > LONGEST || options.speechPadMs() > LONGEST * 1000) {
            throw new EngineException(
                    Category.BAD_REQUEST,
                    "max_speech_duration_s and speech_pad_ms must be at most "
                            + LONGEST
                            + " s where speech is read in one pass.");
        }
        this.times = times;
        this.cancellation = cancellation;
        this.audio = audio.open();
        try {
            detection = new SpeechDetection(detector, options, audio::times, found::add);
        } catch (RuntimeException | Error failure) {
            this.audio.close();
            throw failure;
        }
    }

    /** {@return the next stretch of speech; null at the end} */
    public @Nullable Speech next() {
        while (found.isEmpty() && !ended) {
            cancellation.check();
            int count = audio.read(block);
            if (count < 0) {
                ended = true;
                detection.finish();
                times.end(length);
            } else {
                keep(count);
                detection.accept(block, count);
            }
        }
        SpeechSpan span = found.poll();
        if (span == null) {
            return null;
        }
        times.add(span);
        int from = (int) (span.start() - base);
        return new Speech(span, Arrays.copyOfRange(kept, from, from + (int) span.length()));
    }

    /** Appends the block, and lets go of what no stretch can begin with any more. */
    private void keep(int count) {
        long earliest = Math.min(detection.earliest(), length);
        int dropped = (int) Math.max(0, earliest - base);
        int left = (int) (length - base) - dropped;
        float[] target = left + count > kept.length ? new float[2 * (left + count)] : kept;
        System.arraycopy(kept, dropped, target, 0, left);
        System.arraycopy(block, 0, target, left, count);
        kept = target;
        base += dropped;
        length += count;
    }

    @Override
    public void close() {
        audio.close();
        detection.close();
    }
}
