package dev.parlo.server.listening;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.Segment;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.audio.PcmAudio;
import dev.parlo.engine.audio.StreamedPcm;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelTask;
import dev.parlo.registry.RegistryException;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.models.ModelLeases;
import dev.parlo.server.models.ModelLibrary;
import dev.parlo.server.trace.Traces;
import dev.parlo.server.transcription.SpeakerSource;
import dev.parlo.server.transcription.TranscriptionPipeline;
import dev.parlo.server.vad.DetectorLoans;
import dev.parlo.server.vad.SpeechFilter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens {@link TurnRecognizer}s over the server's models. Thread-safe. */
public final class TurnRecognition implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TurnRecognition.class);

    /** The name that stands for whichever model is meant to be used. */
    private static final String USUAL = "whisper-1";

    private static final int SHOWN = 80;

    private final ModelLibrary library;
    private final ModelLeases models;
    private final TranscriptionPipeline pipeline;
    private final DetectorLoans detectors;
    private final DetectorThreads threads;

    public TurnRecognition(
            ModelLibrary library,
            ModelLeases models,
            TranscriptionPipeline pipeline,
            DetectorLoans detectors,
            DetectorThreads threads) {
        this.library = library;
        this.models = models;
        this.pipeline = pipeline;
        this.detectors = detectors;
        this.threads = threads;
    }

    /**
     * The installed model that answers to a name of any service: the one of that name, else that of
     * {@code whisper-1}, else one that was installed, else one that came with the server.
     *
     * @throws RegistryException where no transcription model is installed
     */
    public String choose(@Nullable String name) {
        List<RegistryException> missing = new ArrayList<>();
        for (String candidate :
                name == null || name.isBlank() ? List.of(USUAL) : List.of(name, USUAL)) {
            try {
                return library.require(
                                candidate, ModelFamily.of(ModelTask.AUTOMATIC_SPEECH_RECOGNITION))
                        .id()
                        .toString();
            } catch (RegistryException none) {
                switch (none.category()) {
                    case NOT_FOUND, NO_VARIANT, UNSUPPORTED, INVALID_ID -> missing.add(none);
                    default -> throw none;
                }
            }
        }
        String id =
                library.installed(ModelTask.AUTOMATIC_SPEECH_RECOGNITION).stream()
                        .min(
                                Comparator.comparing(
                                        model -> model.origin() == InstalledModel.Origin.BUILT_IN))
                        .map(model -> model.id().toString())
                        .orElseThrow(missing::getFirst);
        if (name != null) {
            LOG.info("There is no transcription model '{}': {} answers.", shown(name), id);
        }
        return id;
    }

    /** A name that a client wrote, fit for a line of the log. */
    private static String shown(String name) {
        String text = name.replaceAll("\\p{Cntrl}", "?");
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }

    /**
     * Opens a stream. Model and detector are loaded before this returns, so that the first turn
     * need not wait for them.
     *
     * @param memory for the audio that is held; closed with the stream
     * @param cancellation ends the stream's work
     * @throws RuntimeException as {@link ModelLeases#borrow}
     */
    public TurnRecognizer open(
            TurnSettings settings,
            TurnListener listener,
            MemoryBudget.Share memory,
            Cancellation cancellation) {
        warm(settings.model(), cancellation);
        Traces.Span session = models.traces().current();
        DetectorLoans.Loan loan = detectors.lend(cancellation);
        try {
            return new TurnRecognizer(
                    loan,
                    threads,
                    (model, samples, options, stop) -> {
                        try (Traces.Scope trace = session.enter()) { // on a thread of the stream
                            return hear(model, samples, options, stop);
                        }
                    },
                    settings,
                    listener,
                    memory,
                    cancellation,
                    System::nanoTime);
        } catch (RuntimeException | Error failure) {
            loan.close();
            throw failure;
        }
    }

    /** Loads a model where it is not loaded. */
    public void warm(String model, Cancellation cancellation) {
        models.borrow(
                        model,
                        ModelTask.AUTOMATIC_SPEECH_RECOGNITION,
                        SpeechToText.class,
                        null,
                        cancellation)
                .close();
    }

    /**
     * What is said in a recording that is there already.
     *
     * @param format closed afterwards
     * @throws RuntimeException as a transcription
     */
    public String text(
            String model,
            StreamedPcm format,
            byte[] bytes,
            TranscribeOptions options,
            Cancellation cancellation) {
        float[] samples =
                threads.call(() -> {
                    try (format) {
                        return format.decode(bytes);
                    }
                });
        return hear(model, samples, options, cancellation).text().strip();
    }

    /** 16-bit samples at 16 kHz at another rate. */
    public byte[] resampled(byte[] samples, int rate) {
        return threads.call(() -> Resampled.of(samples, rate));
    }

    private Heard hear(
            String model, float[] samples, TranscribeOptions options, Cancellation cancellation) {
        List<Segment> segments = new ArrayList<>();
        try (ModelLeases.Place place =
                models.admit(
                        model,
                        ModelTask.AUTOMATIC_SPEECH_RECOGNITION,
                        Priority.INTERACTIVE,
                        cancellation)) {
            Transcript transcript =
                    pipeline.run(
                                    new TranscriptionPipeline.Work(
                                            PcmAudio.of(samples),
                                            options,
                                            SpeechFilter.off(),
                                            new SpeakerSource.Nothing(),
                                            place,
                                            null),
                                    segments::add)
                            .transcript();
            return new Heard(segments, transcript);
        }
    }

    @Override
    public void close() {
        threads.close();
    }
}
