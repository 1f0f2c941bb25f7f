package dev.parlo.engine.vad;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.worker.BackgroundAudio;
import dev.parlo.engine.worker.TurnWorkers;
import java.util.ArrayList;
import java.util.List;

/**
 * A detector with the queue before it and the thread it computes on, for requests that ask for
 * nothing but where somebody speaks. Those that transcribe use the {@link #detector} on their own
 * thread. Thread-safe.
 */
public final class VoiceActivityEngine implements AutoCloseable {
    private final VoiceActivityDetector detector;
    private final Admission admission;
    private final TurnWorkers workers;

    /**
     * Starts its threads.
     *
     * @param detector closed with this
     * @param admission the queue before it
     */
    public VoiceActivityEngine(VoiceActivityDetector detector, Admission admission) {
        this.detector = new WatchedDetector(detector, admission.steps());
        this.admission = admission;
        this.workers =
                new TurnWorkers(
                        Thread.ofPlatform().daemon().name("voice-activity-", 1).factory(),
                        admission.parallel());
    }

    /**
     * Where somebody speaks in some audio, and how long it is.
     *
     * @param spans in order
     * @param durationSeconds of the whole audio
     */
    public record Activity(List<SpeechSpan> spans, double durationSeconds) {}

    /** {@return the queue before it} */
    public Admission admission() {
        return admission;
    }

    /** {@return the detector, for threads that may run native code} */
    public VoiceActivityDetector detector() {
        return detector;
    }

    /**
     * Where somebody speaks; blocks the calling thread, computes on the engine's own.
     *
     * @param audio read once
     * @param options how probabilities become spans
     * @param ticket the request's place in the {@link #admission}
     * @return the spans of speech
     * @throws EngineException as {@link AudioSource}; BAD_MODEL when the model yields what cannot
     *     be a probability; CANCELLED
     */
    public Activity listen(AudioSource audio, VadOptions options, Ticket ticket) {
        return workers.run(
                stop -> {
                    List<SpeechSpan> spans = new ArrayList<>();
                    AudioSource read = BackgroundAudio.of(audio, admission.urgency(), stop);
                    long samples = new SpeechScan(detector).scan(read, options, stop, spans::add);
                    return new Activity(spans, (double) samples / AudioSource.SAMPLE_RATE);
                },
                ticket);
    }

    /** {@return where and how it computes} */
    public EngineFacts facts() {
        return detector.facts();
    }

    @Override
    public void close() {
        workers.close();
        detector.close();
    }
}
