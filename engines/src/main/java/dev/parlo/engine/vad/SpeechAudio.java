package dev.parlo.engine.vad;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.admission.Urgency;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.worker.BackgroundAudio;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The speech of some audio, one stretch after another, without the pauses between them; no samples
 * at all where nobody speaks. It can be heard in two ways: as a source, which looks through the
 * whole audio first and may then be opened as often as needed, or {@linkplain #speech stretch by
 * stretch} in one pass. Times of what is heard are turned back by {@link #restored}. The thread
 * that reads computes. Thread-safe; its readers are not.
 */
public final class SpeechAudio implements AudioSource {
    private final AudioSource audio;
    private final VoiceActivityDetector detector;
    private final VadOptions options;
    private final Cancellation cancellation;
    private final SpeechTimes times;
    private @Nullable List<SpeechSpan> spans;

    /**
     * Nothing is read yet.
     *
     * @param audio in which speech is found
     * @param detector finds it; outlives this
     * @param options how probabilities become stretches
     * @param cancellation ends looking through the audio
     */
    public SpeechAudio(
            AudioSource audio,
            VoiceActivityDetector detector,
            VadOptions options,
            Cancellation cancellation) {
        this(audio, detector, options, cancellation, new SpeechTimes());
    }

    private SpeechAudio(
            AudioSource audio,
            VoiceActivityDetector detector,
            VadOptions options,
            Cancellation cancellation,
            SpeechTimes times) {
        this.audio = audio;
        this.detector = detector;
        this.options = options;
        this.cancellation = cancellation;
        this.times = times;
    }

    /**
     * {@return audio whose readers give way to clips; of speech, also finding it does}
     *
     * @param audio read by somebody who can wait
     * @param urgency of the clips
     * @param cancellation ends the waiting
     */
    public static AudioSource inBackground(
            AudioSource audio, Urgency urgency, Cancellation cancellation) {
        return audio instanceof SpeechAudio speech
                ? speech.reading(all -> BackgroundAudio.of(all, urgency, cancellation))
                : BackgroundAudio.of(audio, urgency, cancellation);
    }

    /**
     * {@return the same speech of audio that is read in another way} {@link #restored} is of both.
     *
     * @param way makes the audio one that is read so
     */
    public SpeechAudio reading(UnaryOperator<AudioSource> way) {
        return new SpeechAudio(way.apply(audio), detector, options, cancellation, times);
    }

    @Override
    public Reader open() {
        return new SpeechOnly(audio.open(), spans());
    }

    private synchronized List<SpeechSpan> spans() {
        List<SpeechSpan> known = spans;
        if (known == null) {
            known = new SpeechScan(detector, times).spans(audio, options, cancellation);
            spans = known;
        }
        return known;
    }

    /**
     * The speech in one pass over the audio.
     *
     * @param stop ends the reading
     * @return its stretches; the caller closes it
     * @throws dev.parlo.engine.EngineException BAD_REQUEST for options that do not bound a stretch
     */
    public SpeechReader speech(Cancellation stop) {
        return new SpeechReader(audio, detector, options, times, stop);
    }

    /** {@return times of the audio by times of its speech, as far as it was read} */
    public SpeechTimes restored() {
        return times;
    }

    @Override
    public Optional<String> truncation() {
        return audio.truncation();
    }
}
