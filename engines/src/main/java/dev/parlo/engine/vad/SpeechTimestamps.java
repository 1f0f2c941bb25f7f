package dev.parlo.engine.vad;

import dev.parlo.engine.audio.AudioSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes spans of speech out of the probabilities of windows, as faster-whisper's {@code
 * get_speech_timestamps} does, one window after another. Two spans share the pause between them, so
 * a span is handed on when the next one is known or too far away to share. Not thread-safe.
 */
final class SpeechTimestamps {
    private static final int SAMPLES_PER_MS = AudioSource.SAMPLE_RATE / 1000;

    /** A pause of at least this length is where a span that has become too long is cut. */
    private static final long CUTTING_PAUSE = 98 * SAMPLES_PER_MS;

    private final double threshold;
    private final double endThreshold;
    private final long minSpeech;
    private final double maxSpeech;
    private final long minSilence;
    private final long pad;
    private final Consumer<SpeechSpan> spans;

    private long position;
    private boolean speaking;

    /** Where the open span began. One may be open while nobody speaks, after a cut at a pause. */
    private long start = NONE;

    // Samples; 0 stands for none, as in the original: no pause can begin with the audio.
    private long silenceStart;

    /** Samples of the open pause that nobody heard. */
    private long unheard;

    private long cut;
    private long afterCut;

    /** The last span, its start padded already, its end not yet. */
    private @Nullable SpeechSpan held;

    private static final long NONE = -1;

    public SpeechTimestamps(VadOptions options, Consumer<SpeechSpan> spans) {
        threshold = options.threshold();
        endThreshold = options.endThreshold();
        minSpeech = (long) SAMPLES_PER_MS * options.minSpeechDurationMs();
        minSilence = (long) SAMPLES_PER_MS * options.minSilenceDurationMs();
        pad = (long) SAMPLES_PER_MS * options.speechPadMs();
        maxSpeech =
                AudioSource.SAMPLE_RATE * options.maxSpeechDurationS()
                        - VoiceActivityDetector.WINDOW
                        - 2.0 * pad;
        this.spans = spans;
    }

    /** Takes the probability of the next window. */
    public void accept(float probability) {
        take(probability);
        handOn();
    }

    /** So many samples of the audio, in which there is nothing, are no windows: they lie here. */
    void skip(long samples) {
        if (silenceStart != 0 && samples > 0) {
            unheard += samples;
            endAtPause(position);
        }
    }

    private void take(float probability) {
        long at = position;
        position += VoiceActivityDetector.WINDOW;
        if (probability >= threshold && silenceStart != 0) {
            silenceStart = 0;
            unheard = 0;
            if (afterCut < cut) {
                afterCut = at;
            }
        }
        if (probability >= threshold && !speaking) {
            speaking = true;
            start = at;
            return;
        }
        if (speaking && at - start > maxSpeech) {
            if (cut == 0) {
                finishSpan(at);
                reset();
                return;
            }
            finishSpan(cut);
            if (afterCut < cut) {
                // Still in the pause at which the span was cut.
                speaking = false;
                start = NONE;
            } else {
                start = afterCut;
            }
            cut = afterCut = silenceStart = unheard = 0;
        }
        if (probability < endThreshold && speaking) {
            if (silenceStart == 0) {
                silenceStart = at;
            }
            endAtPause(at);
        }
    }

    private void endAtPause(long at) {
        long pause = at - silenceStart + unheard;
        if (pause > CUTTING_PAUSE) {
            cut = silenceStart;
        }
        if (pause >= minSilence) {
            if (silenceStart - start > minSpeech) {
                finishSpan(silenceStart);
            }
            reset();
        }
    }

    /**
     * Ends the audio.
     *
     * @param length of the audio in samples, which may end within the last window
     */
    public void finish(long length) {
        if (start != NONE && length - start > minSpeech) {
            finishSpan(length);
        }
        reset();
        SpeechSpan last = held;
        held = null;
        if (last != null) {
            emit(last.start(), Math.min(length, last.end() + pad));
        }
    }

    /**
     * No span that is still to come begins before this sample: what lies before it need not be
     * kept.
     */
    long earliest() {
        if (held != null) {
            return held.start();
        }
        return Math.max(0, (start != NONE ? start : position) - pad);
    }

    /** Hands on the span that is held once no other one can come near enough to share a pause. */
    private void handOn() {
        SpeechSpan last = held;
        // The audio may end within the last window, whose end no padding may reach.
        long next = start != NONE ? start : position - VoiceActivityDetector.WINDOW;
        if (last != null && next - last.end() >= 2 * pad) {
            held = null;
            emit(last.start(), last.end() + pad);
        }
    }

    private void reset() {
        speaking = false;
        start = NONE;
        cut = afterCut = silenceStart = unheard = 0;
    }

    /** Holds the open span until its neighbour is known, and hands on the one held before. */
    private void finishSpan(long end) {
        SpeechSpan before = held;
        if (before == null) {
            held = new SpeechSpan(Math.max(0, start - pad), end);
            return;
        }
        long silence = start - before.end();
        long share = silence < 2 * pad ? silence / 2 : pad;
        emit(before.start(), before.end() + share);
        held = new SpeechSpan(start - share, end);
    }

    private void emit(long from, long to) {
        spans.accept(new SpeechSpan(from, Math.max(from, to)));
    }
}
