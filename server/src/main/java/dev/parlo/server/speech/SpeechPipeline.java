package dev.parlo.server.speech;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.UnknownVoiceException;
import dev.parlo.engine.audio.AudioEncoders;
import dev.parlo.engine.text.Script;
import dev.parlo.registry.RegistryException;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.trace.Traces;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From an order to a stream of encoded speech, for every protocol: the model is borrowed, the voice
 * is found, limits are checked. Thread-safe.
 */
public final class SpeechPipeline {
    private static final Logger LOG = LoggerFactory.getLogger(SpeechPipeline.class);

    private final ModelPicker models;
    private final VoiceAliases aliases;
    private final ForeignVoice foreign;
    private final boolean voiceFallback;
    private final SpeechLimits limits;
    private final AudioEncoders encoders;

    /**
     * @param voiceFallback whether a model's first voice answers for an unknown one even where an
     *     order would have it refused
     */
    SpeechPipeline(
            ModelPicker models,
            VoiceAliases aliases,
            boolean voiceFallback,
            SpeechLimits limits,
            AudioEncoders encoders) {
        this.models = models;
        this.aliases = aliases;
        this.foreign = new ForeignVoice(aliases);
        this.voiceFallback = voiceFallback;
        this.limits = limits;
        this.encoders = encoders;
    }

    /** Follows what is spoken, and for whom. */
    public Traces traces() {
        return models.traces();
    }

    /**
     * A text, its markup read once for all that follows.
     *
     * @throws ApiError 413 or 422 for more than is spoken in one request, 422 for wrong markup
     */
    public Script script(SpeechOrder order, String text) {
        try {
            return limits.script(text, order.markup());
        } catch (EngineException wrong) {
            throw refused(wrong);
        }
    }

    /**
     * Borrows the model, loading it where it is not loaded, and settles on the voice.
     *
     * @param cancellation ends the stream early
     * @throws ApiError 422 for what the model cannot do
     * @throws RegistryException when no model can answer
     */
    public SpeechStream open(SpeechOrder order, Cancellation cancellation) {
        TextToSpeechModels.Lease lease = lease(order);
        try {
            TextToSpeech engine = lease.engine();
            SpeechOptions voiced = voiced(order, engine);
            if (!voiced.voice().equals(order.voice())) {
                tell(order, lease, voiced);
            }
            return new SpeechStream(
                    lease,
                    encoders,
                    order.target(engine.sampleRate()),
                    limits,
                    order.markup(),
                    script -> withVoicesIn(script, order, voiced, engine),
                    notes(order, lease, voiced),
                    cancellation,
                    traces().engines());
        } catch (RuntimeException failure) {
            lease.close();
            throw refused(failure);
        } catch (Error failure) {
            lease.close();
            throw failure;
        }
    }

    /**
     * What {@link SpeechStream#notes} will say, for protocols that have to say it before the text
     * is there. Loads the model where it is not loaded.
     */
    public Map<String, String> announce(SpeechOrder order) {
        try (TextToSpeechModels.Lease lease = lease(order)) {
            return notes(order, lease, voiced(order, lease.engine()));
        } catch (EngineException failure) {
            throw refused(failure);
        }
    }

    /** A model that is named has to be there, unless the name is another service's. */
    private TextToSpeechModels.Lease lease(SpeechOrder order) {
        String model = order.model();
        return model == null || order.unknown() == SpeechOrder.Unknown.REPLACED
                ? models.best(
                        model, order.voice().isEmpty() ? null : order.voice(), order.keepAlive())
                : models.named(model, order.keepAlive());
    }

    private SpeechOptions voiced(SpeechOrder order, TextToSpeech engine) {
        return order.unknown() == SpeechOrder.Unknown.REFUSED
                ? aliases.resolve(order.options(), engine, voiceFallback)
                : foreign.find(order.options(), engine);
    }

    /** The same with the voices that the text itself names. */
    private SpeechOptions withVoicesIn(
            Script script, SpeechOrder order, SpeechOptions voiced, TextToSpeech engine) {
        try {
            return order.unknown() == SpeechOrder.Unknown.REFUSED
                    ? aliases.inText(script, voiced, engine, voiceFallback)
                    : foreign.inText(script, voiced, engine);
        } catch (EngineException wrong) {
            throw refused(wrong);
        }
    }

    private static void tell(
            SpeechOrder order, TextToSpeechModels.Lease lease, SpeechOptions voiced) {
        LOG.debug(
                "The voice '{}' of {} answers to '{}'.",
                voiced.voice(),
                lease.modelId(),
                ModelPicker.shown(order.voice()));
    }

    private static Map<String, String> notes(
            SpeechOrder order, TextToSpeechModels.Lease lease, SpeechOptions voiced) {
        Map<String, String> notes = new LinkedHashMap<>();
        String fallback = lease.fallback();
        if (fallback != null) {
            notes.put("X-Parlo-Fallback", fallback);
        }
        notes.put("X-Parlo-Model", lease.modelId());
        if (!voiced.voice().equals(order.voice())) {
            notes.put("X-Parlo-Voice", voiced.voice());
        }
        return notes;
    }

    /** What a model cannot do is the request's fault. */
    private static RuntimeException refused(RuntimeException failure) {
        if (failure instanceof UnknownVoiceException unknown) {
            return ApiError.of(422, String.valueOf(unknown.getMessage()), "unknown_voice")
                    .withParam("voice")
                    .withCause(unknown);
        }
        return failure instanceof EngineException wrong
                        && wrong.category() == EngineException.Category.BAD_REQUEST
                ? ApiError.of(422, String.valueOf(wrong.getMessage())).withCause(wrong)
                : failure;
    }
}
