package dev.parlo.engine.vad;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.audio.AudioSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds the speech of some audio, block by block, in memory that does not grow with its length. The
 * thread that calls computes.
 */
public final class SpeechScan {
    private static final int READ = 1 << 14;

    private final VoiceActivityDetector detector;
    private final SpeechTimes times;

    /**
     * For any number of recordings.
     *
     * @param detector outlives this
     */
    public SpeechScan(VoiceActivityDetector detector) {
        this(detector, new SpeechTimes());
    }

    /**
     * @param times is told of each span and of the end
     */
    SpeechScan(VoiceActivityDetector detector, SpeechTimes times) {
        this.detector = detector;
        this.times = times;
    }

    /**
     * {@return the spans of the whole audio, in order}
     *
     * @param audio read once
     * @param options how probabilities become spans
     * @param cancellation is asked after each block
     * @throws dev.parlo.engine.EngineException as {@link AudioSource#open} and its reader, or
     *     CANCELLED
     */
    public List<SpeechSpan> spans(
            AudioSource audio, VadOptions options, Cancellation cancellation) {
        List<SpeechSpan> spans = new ArrayList<>();
        long unused = scan(audio, options, cancellation, spans::add);
        return spans;
    }

    /**
     * Hands on each span as soon as it is known.
     *
     * @param audio read once
     * @param options how probabilities become spans
     * @param cancellation is asked after each block
     * @param spans takes them, in order, on the calling thread
     * @return the length of the audio in samples
     * @throws dev.parlo.engine.EngineException as {@link AudioSource#open} and its reader, or
     *     CANCELLED
     */
    public long scan(
            AudioSource audio,
            VadOptions options,
            Cancellation cancellation,
            Consumer<SpeechSpan> spans) {
        float[] read = new float[READ];
        try (AudioSource.Reader reader = audio.open();
                SpeechDetection detection =
                        new SpeechDetection(
                                detector,
                                options,
                                audio::times,
                                span -> {
                                    times.add(span);
                                    spans.accept(span);
                                })) {
            for (int count = reader.read(read); count >= 0; count = reader.read(read)) {
                cancellation.check();
                detection.accept(read, count);
            }
            cancellation.check();
            detection.finish();
            times.end(detection.length());
            return detection.length();
        }
    }
}
