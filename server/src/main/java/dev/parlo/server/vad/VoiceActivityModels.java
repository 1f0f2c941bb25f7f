package dev.parlo.server.vad;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.vad.VoiceActivityEngine;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelTask;
import dev.parlo.registry.RegistryException;
import dev.parlo.server.models.ModelLeases;
import dev.parlo.server.models.ModelLeases.Leased;
import dev.parlo.server.models.ModelLibrary;
import dev.parlo.server.models.StandIns;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which voice activity model answers. The name that Speaches' clients use is always accepted: an
 * installed Silero answers, else the detector that is part of the server. Thread-safe.
 */
public final class VoiceActivityModels implements DetectorLoans {
    private static final Logger LOG = LoggerFactory.getLogger(VoiceActivityModels.class);

    /** The built-in detector's id. */
    public static final String BUILT_IN = "parlo/voice-activity";

    /** What Speaches calls its detector. */
    public static final String SILERO = "silero_vad_v5";

    private final ModelLibrary library;
    private final ModelLeases leases;
    private final AtomicBoolean told = new AtomicBoolean();

    public VoiceActivityModels(ModelLibrary library, ModelLeases leases) {
        this.library = library;
        this.leases = leases;
    }

    /**
     * The model that answers for a name.
     *
     * @param fallback what to tell the client where the built-in detector answers for Silero
     */
    record Choice(String model, Optional<String> fallback) {}

    /**
     * Finds the model of a name; downloads it where {@code AUTO_DOWNLOAD} allows.
     *
     * @throws RegistryException as {@link ModelLibrary#require(String)}
     */
    Choice choose(String name) {
        try {
            InstalledModel model =
                    library.require(name, ModelFamily.of(ModelTask.VOICE_ACTIVITY_DETECTION));
            return new Choice(model.id().toString(), Optional.empty());
        } catch (RegistryException missing) {
            if (!name.equals(SILERO)
                    || missing.category() != RegistryException.Category.NOT_FOUND) {
                throw missing;
            }
        }
        String best = best();
        return new Choice(best, best.equals(BUILT_IN) ? Optional.of(standIn()) : Optional.empty());
    }

    /** The installed Silero, of several the first by id; else the built-in detector. */
    private String best() {
        return silero(library).map(model -> model.id().toString()).orElse(BUILT_IN);
    }

    private static Optional<InstalledModel> silero(ModelLibrary library) {
        return library.installed(ModelTask.VOICE_ACTIVITY_DETECTION).stream()
                .filter(model -> model.family() == ModelFamily.SILERO_VAD)
                .findFirst();
    }

    /** What answers for the name that is always accepted, where its own model is missing. */
    public static StandIns standIns(ModelLibrary library) {
        return name ->
                name.equals(SILERO)
                        ? silero(library).or(() -> library.find(BUILT_IN))
                        : Optional.empty();
    }

    /** As the fallback of speech is told. */
    private String standIn() {
        ModelId wanted = ModelFamily.SILERO_VAD.curated().getFirst();
        if (!told.getAndSet(true)) {
            LOG.warn(
                    "'{}' is not installed: '{}', which is part of the server, answers. Install it"
                            + " with `parlo model download {}` (or `POST /v1/models/{}`).",
                    SILERO,
                    BUILT_IN,
                    wanted,
                    wanted);
        }
        return BUILT_IN
                + "; instead-of=\""
                + SILERO
                + "\"; install=\"POST /v1/models/"
                + wanted
                + "\"";
    }

    /** A request computes on its own thread, in the turn of whatever it is part of. */
    @Override
    public Loan lend(Cancellation cancellation) {
        Leased<VoiceActivityEngine> lease =
                leases.borrow(
                        best(),
                        ModelTask.VOICE_ACTIVITY_DETECTION,
                        VoiceActivityEngine.class,
                        null,
                        cancellation);
        VoiceActivityEngine engine = lease.engine();
        return new Loan(engine.detector(), engine.admission().steps(), lease::close);
    }
}
