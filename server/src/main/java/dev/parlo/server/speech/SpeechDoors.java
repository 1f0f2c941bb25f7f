package dev.parlo.server.speech;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.audio.AudioEncoders;
import dev.parlo.registry.RegistryException;
import dev.parlo.server.http.ApiError;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speech for the protocols of other services. Their clients name models and voices that are not
 * here; a default answers, a header and the log say so. Thread-safe.
 */
public final class SpeechDoors {
    private static final Logger LOG = LoggerFactory.getLogger(SpeechDoors.class);

    private final ModelPicker models;
    private final ForeignVoice voices;
    private final AudioEncoders encoders;

    SpeechDoors(ModelPicker models, VoiceAliases voices, AudioEncoders encoders) {
        this.models = models;
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
        TextToSpeechModels.Lease lease = models.best(order.model(), order.voice(), null);
        try {
            ForeignVoice.Found found = voices.find(order, lease.engine());
            if (found.unknown()) {
                LOG.info(
                        "There is no voice '{}' in {}: '{}' answers.",
                        ModelPicker.shown(order.voice()),
                        lease.modelId(),
                        found.options().voice());
            }
            return new SpeechStream(
                    lease,
                    encoders,
                    order.target(lease.engine().sampleRate()),
                    text -> voices.inText(text, found.options(), lease.engine()),
                    notes(order, lease, found),
                    cancellation);
        } catch (RuntimeException failure) {
            lease.close();
            throw refused(failure);
        }
    }

    /**
     * What {@link SpeechStream#notes} will say, for protocols that have to say it before the text
     * is there. Loads the model where it is not loaded.
     */
    public Map<String, String> announce(SpeechOrder order) {
        try (TextToSpeechModels.Lease lease = models.best(order.model(), order.voice(), null)) {
            return notes(order, lease, voices.find(order, lease.engine()));
        } catch (EngineException failure) {
            throw refused(failure);
        }
    }

    private static Map<String, String> notes(
            SpeechOrder order, TextToSpeechModels.Lease lease, ForeignVoice.Found found) {
        Map<String, String> notes = new LinkedHashMap<>();
        String fallback = lease.fallback();
        if (fallback != null) {
            notes.put("X-Parlo-Fallback", fallback);
        }
        notes.put("X-Parlo-Model", lease.modelId());
        String voice = found.options().voice();
        if (!voice.equals(order.voice())) {
            notes.put("X-Parlo-Voice", voice);
        }
        return notes;
    }

    /** What a model cannot do is the request's fault. */
    private static RuntimeException refused(RuntimeException failure) {
        return failure instanceof EngineException wrong
                        && wrong.category() == EngineException.Category.BAD_REQUEST
                ? ApiError.of(422, String.valueOf(wrong.getMessage())).withCause(wrong)
                : failure;
    }
}
