package dev.parlo.server.transcription;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.AudioProbe;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.OpenedAudio;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.engine.speaker.SpeakerSpans;
import dev.parlo.engine.vad.SpeechAudio;
import dev.parlo.engine.vad.SpeechTimes;
import dev.parlo.registry.ModelTask;
import dev.parlo.server.audio.AudioOpener;
import dev.parlo.server.models.ModelLeases;
import dev.parlo.server.speaker.SpeakerOrder;
import dev.parlo.server.speaker.SpeakerTelling;
import dev.parlo.server.speaker.Speakers;
import dev.parlo.server.speaker.VoiceReferences;
import dev.parlo.server.vad.DetectorLoans;
import dev.parlo.server.vad.SpeechFilter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From audio to text: opens the audio, borrows the engine, has it transcribe, and takes the
 * segments through the {@linkplain SegmentStage stages} to the caller. The one place that calls a
 * transcription engine; routes and command line call this. Thread-safe.
 */
public final class TranscriptionPipeline {
    private static final Logger LOG = LoggerFactory.getLogger(TranscriptionPipeline.class);
    private static final List<Double> WHOLE = TranscribeOptions.defaults().clipTimestamps();

    /** Seconds of speech that a language is detected in: one window. */
    private static final int DETECTED_IN = 30;

    /** Seconds of audio that speech is looked for in: a film may begin with music. */
    private static final int LOOKED_THROUGH = 600;

    private final ModelLeases models;
    private final AudioOpener audio;
    private final AudioBudget budget;
    private final DetectorLoans detectors;
    private final SpeakerTelling speakers;

    public TranscriptionPipeline(
            ModelLeases models,
            AudioOpener audio,
            AudioBudget budget,
            DetectorLoans detectors,
            SpeakerTelling speakers) {
        this.speakers = speakers;
        this.models = models;
        this.detectors = detectors;
        this.audio = audio;
        this.budget = budget;
    }

    /**
     * What is to be transcribed, and how.
     *
     * @param speech whether speech alone is heard
     * @param speakers what they are told by
     * @param place in the queue of the model; its cancellation ends the work
     * @param keepAlive how long the model stays loaded afterwards; null for what is set
     */
    public record Work(
            AudioSource audio,
            TranscribeOptions options,
            SpeechFilter speech,
            SpeakerSource speakers,
            ModelLeases.Place place,
            @Nullable KeepAlive keepAlive) {
        /** The same of other audio. */
        Work of(AudioSource other) {
            return new Work(other, options, speech, speakers, place, keepAlive);
        }
    }

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
     * What the speakers of a file are told by.
     *
     * @param whole the same file, opened
     * @param references voices of the job's known speakers
     * @throws dev.parlo.engine.EngineException BAD_REQUEST where the file has no channels to split,
     *     or the numbers of speakers contradict each other; TOO_LARGE
     */
    public SpeakerSource speakers(
            SpeakerJob job,
            Path file,
            @Nullable String contentType,
            AudioSource whole,
            VoiceReferences references,
            Cancellation cancellation) {
        if (job.channels()) {
            return new FileChannels(audio, budget)
                    .open(file, contentType, whole, job.fields().names(), cancellation);
        }
        return job.diarize()
                ? new SpeakerSource.Voices(job.fields().order(references, job.model()))
                : new SpeakerSource.Nothing();
    }

    /** What the voices of known speakers are opened with. */
    AudioOpener audio() {
        return audio;
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
        try (ModelLeases.Leased<SpeechToText> lease = lease(work)) {
            SpeechToText engine = lease.engine();
            SpokenLanguage.checkTask(work.options().task(), engine, lease.modelId());
            TranscribeOptions options = SpokenLanguage.in(work.options(), engine);
            Transcript transcript =
                    switch (work.speakers()) {
                        case SpeakerSource.Nothing nothing ->
                                heard(engine, options, work, events, lease.ticket());
                        case SpeakerSource.Voices(SpeakerOrder order) ->
                                heard(
                                        engine,
                                        options,
                                        work,
                                        labelled(events, work, order),
                                        lease.ticket());
                        case SpeakerSource.Channels(List<SpeakerSource.Channel> channels) ->
                                merged(engine, options, work, channels, events, lease.ticket());
                    };
            Optional<String> truncation = truncation(work);
            truncation.ifPresent(
                    why -> LOG.warn("Audio for '{}' is not whole. {}", lease.modelId(), why));
            return new Result(lease.modelId(), transcript, truncation);
        }
    }

    /**
     * Detects the language in the first half minute of speech; where nobody seems to speak, in that
     * of the audio. Blocks until it is known.
     *
     * @param work of which audio and place matter
     * @return a transcript with the language, of a duration that says nothing
     * @throws RuntimeException as {@link #run}
     */
    public Result detectLanguage(Work work) {
        try (ModelLeases.Leased<SpeechToText> lease = lease(work)) {
            // No engine detects without decoding; the cheapest decoding is one window, greedily.
            TranscribeOptions options =
                    TranscribeOptions.builder().temperatures(List.of(0.0)).beamSize(1).build();
            Cancellation cancellation = lease.ticket().cancellation();
            try (DetectorLoans.Loan loan = detectors.lend(cancellation)) {
                SpeechAudio speech =
                        new SpeechAudio(
                                new FirstSeconds(work.audio(), LOOKED_THROUGH),
                                loan.detector(),
                                work.speech().sequential(),
                                cancellation);
                boolean spoken = AudioProbe.measure(speech, cancellation).samples() > 0;
                AudioSource heard = new FirstSeconds(spoken ? speech : work.audio(), DETECTED_IN);
                Transcript transcript =
                        lease.engine().transcribe(heard, options, segment -> {}, lease.ticket());
                return new Result(lease.modelId(), transcript, Optional.empty());
            }
        }
    }

    private ModelLeases.Leased<SpeechToText> lease(Work work) {
        return models.lease(
                work.place(),
                ModelTask.AUTOMATIC_SPEECH_RECOGNITION,
                SpeechToText.class,
                work.keepAlive());
    }

    /** Speakers are told before the first word is, so that segments can be sent as they come. */
    private SegmentSink labelled(SegmentSink events, Work work, SpeakerOrder order) {
        Ticket ticket = work.place().ticket();
        long began = System.nanoTime();
        Speakers told =
                speakers.tell(work.audio(), order, ticket.priority(), ticket.cancellation());
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        ticket.ownObserver().stage(EngineObserver.Stage.SPEAKERS, took, took);
        return new SpeakerStage(new SpeakerSpans(told.exclusive())).before(events, work.audio());
    }

    /** One channel after another, as one transcript. */
    private Transcript merged(
            SpeechToText engine,
            TranscribeOptions options,
            Work work,
            List<SpeakerSource.Channel> channels,
            SegmentSink events,
            Ticket ticket) {
        ChannelMerge merge = new ChannelMerge(events, channels.size());
        Transcript all = null;
        for (int i = 0; i < channels.size(); i++) {
            SpeakerSource.Channel channel = channels.get(i);
            Transcript one =
                    heard(
                            engine,
                            options,
                            work.of(channel.audio()),
                            merge.of(i, channel.speaker()),
                            ticket);
            merge.ended(one.durationSeconds());
            all = all == null ? one : longer(all, one);
        }
        merge.end();
        if (all == null) {
            throw new IllegalArgumentException("no channels");
        }
        return all;
    }

    /** What is said of the whole is said of its first channel, but for the length. */
    private static Transcript longer(Transcript all, Transcript one) {
        return all.withDuration(Math.max(all.durationSeconds(), one.durationSeconds()));
    }

    private static Optional<String> truncation(Work work) {
        return work.speakers() instanceof SpeakerSource.Channels(List<SpeakerSource.Channel> parts)
                ? parts.stream()
                        .flatMap(channel -> channel.audio().truncation().stream())
                        .findFirst()
                : work.audio().truncation();
    }

    private Transcript heard(
            SpeechToText engine,
            TranscribeOptions options,
            Work work,
            SegmentSink events,
            Ticket ticket) {
        if (ticket.ownObserver() == EngineObserver.NONE) {
            return listened(engine, options, work, events, ticket, null);
        }
        StageClock decoding = new StageClock();
        StageClock detecting = new StageClock();
        try {
            Work measured = work.of(decoding.of(work.audio()));
            return listened(engine, options, measured, events, ticket, detecting);
        } finally {
            decoding.tell(ticket.ownObserver(), EngineObserver.Stage.AUDIO_DECODE);
            detecting.tell(ticket.ownObserver(), EngineObserver.Stage.VOICE_ACTIVITY);
        }
    }

    /**
     * @param detecting measures the search for speech; null where nobody wants to know
     */
    private Transcript listened(
            SpeechToText engine,
            TranscribeOptions options,
            Work work,
            SegmentSink events,
            Ticket ticket,
            @Nullable StageClock detecting) {
        return work.speech().on() && options.clipTimestamps().equals(WHOLE)
                ? speech(engine, options, work, events, ticket, detecting)
                : whole(engine, options, work, events, ticket);
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
            Ticket ticket,
            @Nullable StageClock detecting) {
        AudioSource audio = work.audio();
        try (DetectorLoans.Loan loan = detectors.lend(ticket.cancellation())) {
            SpeechAudio speech =
                    new SpeechAudio(
                            audio,
                            detecting == null ? loan.detector() : detecting.of(loan.detector()),
                            engine.hearsChunks(options)
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
