package dev.parlo.server.transcription;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.AudioProbe;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.OpenedAudio;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.engine.vad.SpeechAudio;
import dev.parlo.engine.vad.SpeechTimes;
import dev.parlo.registry.ModelTask;
import dev.parlo.server.audio.AudioOpener;
import dev.parlo.server.models.ModelLeases;
import dev.parlo.server.vad.DetectorLoans;
import dev.parlo.server.vad.SpeechFilter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From audio to text: opens the audio, borrows the engine, has it transcribe, and takes the
 * segments through the {@linkplain SegmentStage stages} to whoever asked. The one place that calls
 * a transcription engine; routes and command line call this. Thread-safe.
 */
public final class TranscriptionPipeline {
    private static final Logger LOG = LoggerFactory.getLogger(TranscriptionPipeline.class);
    private static final List<Double> WHOLE = TranscribeOptions.defaults().clipTimestamps();

    private final ModelLeases models;
    private final AudioOpener audio;
    private final AudioBudget budget;
    private final DetectorLoans detectors;

    public TranscriptionPipeline(
            ModelLeases models, AudioOpener audio, AudioBudget budget, DetectorLoans detectors) {
        this.models = models;
        this.detectors = detectors;
        this.audio = audio;
        this.budget = budget;
    }

    /**
     * What is to be transcribed, and how.
     *
     * @param speech whether speech alone is heard
     * @param place in the queue of the model; its cancellation ends the work
     * @param keepAlive how long the model stays loaded afterwards; null for what is set
     */
    public record Work(
            AudioSource audio,
            TranscribeOptions options,
            SpeechFilter speech,
            ModelLeases.Place place,
            @Nullable KeepAlive keepAlive) {}

    /**
     * What came of it; the segments went to the sink.
     *
     * @param truncation why the audio holds more than could be read
     */
    public record Result(String modelId, Transcript transcript, Optional<String> truncation) {}

    /**
     * Opens audio and decodes its head, so that bytes that are not audio are refused before a model
     * is looked up or loaded. The head is not decoded again.
     *
     * @param contentType as the client named it; it matters for raw audio only
     * @throws dev.parlo.engine.EngineException UNSUPPORTED_AUDIO, BAD_AUDIO, TOO_LARGE
     */
    public OpenedAudio open(Path file, @Nullable String contentType) {
        return OpenedAudio.of(audio.open(file, contentType));
    }

    /**
     * Checks that the parts of the audio that are asked for are no more than a request may have.
     *
     * @throws dev.parlo.engine.EngineException TOO_LARGE
     */
    public void check(AudioSource source, TranscribeOptions options, Cancellation cancellation) {
        budget.check(options.clipTimestamps(), source, cancellation);
    }

    /**
     * Transcribes; blocks until the last segment was taken.
     *
     * @throws dev.parlo.registry.RegistryException for a model that is not here or does not
     *     transcribe
     * @throws dev.parlo.engine.pool.PoolException for one that cannot be loaded now
     * @throws dev.parlo.engine.EngineException as {@link SpeechToText#transcribe}
     */
    public Result run(Work work, SegmentSink events) {
        try (ModelLeases.Leased<SpeechToText> lease =
                models.lease(
                        work.place(),
                        ModelTask.AUTOMATIC_SPEECH_RECOGNITION,
                        SpeechToText.class,
                        work.keepAlive())) {
            SpeechToText engine = lease.engine();
            SpokenLanguage.checkTask(work.options().task(), engine, lease.modelId());
            TranscribeOptions options = SpokenLanguage.in(work.options(), engine);
            Transcript transcript =
                    work.speech().on() && options.clipTimestamps().equals(WHOLE)
                            ? speech(engine, options, work, events, lease.ticket())
                            : whole(engine, options, work, events, lease.ticket());
            Optional<String> truncation = work.audio().truncation();
            truncation.ifPresent(
                    why -> LOG.warn("Audio for '{}' is not whole. {}", lease.modelId(), why));
            return new Result(lease.modelId(), transcript, truncation);
        }
    }

    /** All of the audio, or the parts that were asked for. */
    private static Transcript whole(
            SpeechToText engine,
            TranscribeOptions options,
            Work work,
            SegmentSink events,
            Ticket ticket) {
        AudioSource audio = work.audio();
        Transcript heard =
                engine.transcribe(
                        audio,
                        clipped(options, work),
                        through(List.of(new FileTimes()), events, audio),
                        ticket);
        return heard.withDuration(audio.times().duration(heard.durationSeconds()));
    }

    /** What somebody says in it; whether anybody does shows while the engine listens. */
    private Transcript speech(
            SpeechToText engine,
            TranscribeOptions options,
            Work work,
            SegmentSink events,
            Ticket ticket) {
        AudioSource audio = work.audio();
        try (DetectorLoans.Loan loan = detectors.lend(ticket.cancellation())) {
            SpeechAudio speech =
                    new SpeechAudio(
                            audio,
                            loan.detector(),
                            engine.batches() && options.batchSize() != null
                                    ? work.speech().batched()
                                    : work.speech().sequential(),
                            ticket.cancellation());
            SpeechTimes times = speech.restored();
            List<SegmentStage> stages = List.of(new TimesOfSpeech(times), new FileTimes());
            Transcript heard =
                    engine.transcribe(speech, options, through(stages, events, audio), ticket);
            double seconds = times.duration(heard.durationSeconds());
            return heard.withDuration(audio.times().duration(seconds));
        }
    }

    private static SegmentSink through(
            List<SegmentStage> stages, SegmentSink events, AudioSource source) {
        SegmentSink next = events;
        for (SegmentStage stage : stages.reversed()) {
            next = stage.before(next, source);
        }
        return next;
    }

    /** The clips are times of the file, of which the engine knows nothing. */
    private static TranscribeOptions clipped(TranscribeOptions options, Work work) {
        if (options.clipTimestamps().equals(WHOLE)) {
            return options;
        }
        // Gaps are known when all was read once.
        AudioProbe.measure(work.audio(), work.place().ticket().cancellation());
        return options.toBuilder()
                .clipTimestamps(FileTimes.inSamples(options.clipTimestamps(), work.audio().times()))
                .build();
    }
}
