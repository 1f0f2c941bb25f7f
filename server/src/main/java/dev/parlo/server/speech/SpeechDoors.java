package dev.parlo.server.speech;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.audio.AudioEncoders;
import dev.parlo.registry.RegistryException;
import dev.parlo.server.http.ApiError;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speech for the protocols of other services. Their clients name models and voices that are not
 * here; a default answers, a header and the log say so. Thread-safe.
 */
public final class SpeechDoors {
    private static final Logger LOG = LoggerFactory.getLogger(SpeechDoors.class);
    private static final int SHOWN = 80;

    private final TextToSpeechModels models;
    private final ModelChoice choice;
    private final ForeignVoice voices;
    private final AudioEncoders encoders;

    public SpeechDoors(
            TextToSpeechModels models,
            ModelChoice choice,
            VoiceAliases voices,
            AudioEncoders encoders) {
        this.models = models;
        this.choice = choice;
        this.voices = new ForeignVoice(voices);
        this.encoders = encoders;
    }

    /**
     * Borrows the model, loading it where it is not loaded, and settles on the voice.
     *
     * @param cancellation ends the stream early
     * @throws ApiError 422 for what the model cannot do
     * @throws RegistryException when no model at all can answer
     */
    public SpeechStream open(SpeechOrder order, Cancellation cancellation) {
        TextToSpeechModels.Lease lease = lease(order);
        try {
            ForeignVoice.Found found = voices.find(order, lease.engine());
            String voice = found.options().voice();
            if (found.unknown()) {
                LOG.info(
                        "There is no voice '{}' in {}: '{}' answers.",
                        shown(order.voice()),
                        lease.modelId(),
                        voice);
            }
            Map<String, String> notes = new LinkedHashMap<>();
            String fallback = lease.fallback();
            if (fallback != null) {
                notes.put("X-Parlo-Fallback", fallback);
            }
            notes.put("X-Parlo-Model", lease.modelId());
            if (!voice.equals(order.voice())) {
                notes.put("X-Parlo-Voice", voice);
            }
            return new SpeechStream(lease, encoders, found.options(), order, notes, cancellation);
        } catch (EngineException wrong) {
            lease.close();
            if (wrong.category() == EngineException.Category.BAD_REQUEST) {
                throw ApiError.of(422, String.valueOf(wrong.getMessage())).withCause(wrong);
            }
            throw wrong;
        } catch (RuntimeException failure) {
            lease.close();
            throw failure;
        }
    }

    /**
     * What {@link SpeechStream#notes} would say, for protocols that have to say it before the text
     * is there. Loads the model where it is not loaded.
     */
    public Map<String, String> announce(SpeechOrder order) {
        try (SpeechStream speech = open(order, new Cancellation())) {
            return speech.notes();
        }
    }

    private TextToSpeechModels.Lease lease(SpeechOrder order) {
        @Nullable RegistryException missing = null;
        for (String name : choice.candidates(order.model(), order.voice())) {
            try {
                TextToSpeechModels.Lease lease = models.lease(name);
                if (missing != null) {
                    LOG.debug(
                            "There is no speech model '{}': {} answers.",
                            shown(order.model()),
                            name);
                }
                return lease;
            } catch (RegistryException none) {
                switch (none.category()) {
                    case NOT_FOUND, UNSUPPORTED, INVALID_ID -> missing = none;
                    default -> throw none;
                }
            }
        }
        throw missing == null ? new IllegalStateException("no candidates") : missing;
    }

    /** What a client wrote, fit for a line of the log. */
    private static String shown(@Nullable String name) {
        String text = String.valueOf(name).replaceAll("\\p{Cntrl}", "?");
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }
}
