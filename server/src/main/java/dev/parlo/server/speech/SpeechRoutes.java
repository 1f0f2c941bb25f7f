package dev.parlo.server.speech;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpeechSummary;
import dev.parlo.engine.UnknownVoiceException;
import dev.parlo.engine.audio.AudioEncoders;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.ClientWatch;
import dev.parlo.server.http.IncompleteAnswer;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.RequestBody;
import dev.parlo.server.http.RunningRequest;
import dev.parlo.server.http.SseWriter;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Text to speech over HTTP: OpenAI's {@code /v1/audio/speech} and Kokoro-FastAPI's captions.
 * Thread-safe.
 */
public final class SpeechRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(SpeechRoutes.class);

    /** Between two bytes of a stream of events: below the idle time of common proxies. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final ModelPicker models;
    private final VoiceAliases voices;
    private final boolean voiceFallback;
    private final boolean voiceTags;
    private final AudioEncoders encoders;
    private final ScheduledExecutorService timer;

    /**
     * @param voiceFallback whether a model's first voice answers for an unknown one
     * @param voiceTags whether voice tags are understood where a request does not say
     */
    SpeechRoutes(
            ModelPicker models,
            VoiceAliases voices,
            boolean voiceFallback,
            boolean voiceTags,
            AudioEncoders encoders,
            ScheduledExecutorService timer) {
        this.models = models;
        this.voices = voices;
        this.voiceFallback = voiceFallback;
        this.voiceTags = voiceTags;
        this.encoders = encoders;
        this.timer = timer;
    }

    public void register(RoutesConfig routes) {
        for (String slash : List.of("", "/")) {
            routes.post("/v1/audio/speech" + slash, this::speech);
            routes.get("/v1/audio/speech" + slash, SpeechRoutes::usage);
        }
        routes.post("/dev/captioned_speech", this::captioned);
    }

    /** For proxies that probe the path, and people who open it in a browser. */
    private static void usage(Context ctx) {
        Json.respond(
                ctx,
                Map.of(
                        "usage",
                        "POST JSON with 'model', 'input' and 'voice' to /v1/audio/speech, for example"
                                + " {\"model\":\"tts-1\",\"input\":\"Hello\",\"voice\":\"alloy\"};"
                                + " GET /v1/audio/voices lists the voices."));
    }

    private void speech(Context ctx) {
        SpeechRequest request = SpeechRequest.read(RequestBody.bytes(ctx), false, voiceTags);
        answer(
                ctx,
                request,
                (lease, options, running) -> {
                    if (request.sse()) {
                        return events(ctx, request, lease, options, running);
                    }
                    AudioAnswer answer =
                            new AudioAnswer(ctx, encoders, request, lease.engine().sampleRate());
                    return answer.speak(lease.engine(), options, running);
                });
    }

    private void captioned(Context ctx) {
        SpeechRequest request = SpeechRequest.read(RequestBody.bytes(ctx), true, voiceTags);
        answer(
                ctx,
                request,
                (lease, options, running) ->
                        new CaptionedAnswer(ctx, encoders, request, lease.engine().sampleRate())
                                .speak(lease.engine(), options, running));
    }

    /** Speaks a request in one of the shapes of an answer. */
    private interface Speaker {
        SpeechSummary speak(
                TextToSpeechModels.Lease lease, SpeechOptions options, RunningRequest running);
    }

    private void answer(Context ctx, SpeechRequest request, Speaker speaker) {
        long start = System.nanoTime();
        RunningRequest running = RunningRequest.of(ctx);
        try (TextToSpeechModels.Lease lease = lease(request)) {
            SpeechOptions options = resolved(request, lease);
            headers(ctx, request, lease, options);
            try (ClientWatch watch = ClientWatch.open(ctx, timer, running::clientGone)) {
                SpeechSummary summary = speaker.speak(lease, options, running);
                running.note(lease.modelId(), summary.seconds(), start);
            } catch (EngineException failure) {
                if (failure.category() != Category.CANCELLED || !running.clientIsGone()) {
                    throw failure;
                }
                running.note(lease.modelId(), 0, start);
                IncompleteAnswer.clientGone(ctx);
            }
        }
    }

    /** Who names a model wants that one; EchoKit names none. */
    private TextToSpeechModels.Lease lease(SpeechRequest request) {
        String model = request.model();
        return model == null
                ? models.best(null, request.options().voice(), request.keepAlive())
                : models.named(model, request.keepAlive());
    }

    private SpeechOptions resolved(SpeechRequest request, TextToSpeechModels.Lease lease) {
        try {
            return voices.resolve(
                    request.input(), request.options(), lease.engine(), voiceFallback);
        } catch (UnknownVoiceException unknown) {
            if (request.speakerNamed()) {
                SpeechOptions usual = request.options().withVoice(SpeechRequest.DEFAULT_VOICE);
                SpeechOptions found = voices.resolve(request.input(), usual, lease.engine(), true);
                LOG.info(
                        "There is no voice '{}' in {}: '{}' answers.",
                        ModelPicker.shown(request.options().voice()),
                        lease.modelId(),
                        found.voice());
                return found;
            }
            throw ApiError.of(422, String.valueOf(unknown.getMessage()), "unknown_voice")
                    .withParam("voice")
                    .withCause(unknown);
        } catch (EngineException wrong) {
            if (wrong.category() == Category.BAD_REQUEST) {
                throw ApiError.of(422, String.valueOf(wrong.getMessage())).withCause(wrong);
            }
            throw wrong;
        }
    }

    private static void headers(
            Context ctx,
            SpeechRequest request,
            TextToSpeechModels.Lease lease,
            SpeechOptions options) {
        String fallback = lease.fallback();
        if (fallback != null) {
            ctx.header("X-Parlo-Fallback", fallback);
        }
        if (request.model() == null) {
            ctx.header("X-Parlo-Model", lease.modelId());
        }
        if (!options.voice().equals(request.options().voice())) {
            ctx.header("X-Parlo-Voice", options.voice());
        }
        if (request.instructed()) {
            ctx.header("X-Parlo-Ignored", "instructions");
        }
    }

    private SpeechSummary events(
            Context ctx,
            SpeechRequest request,
            TextToSpeechModels.Lease lease,
            SpeechOptions options,
            RunningRequest running) {
        try (SseWriter events = new SseWriter(ctx, timer, HEARTBEAT, running::clientGone)) {
            SpeechEvents answer =
                    new SpeechEvents(events, encoders, request, lease.engine().sampleRate());
            try {
                return answer.speak(lease.engine(), options, running.cancellation());
            } catch (RuntimeException failure) {
                if (!events.started() || running.clientIsGone()) {
                    throw failure;
                }
                // the status is out as 200: say it in the stream
                ApiError error = running.failure(failure);
                events.send(Map.of("type", "error", "error", error.error()));
                RunningRequest.of(ctx).note("error", error.status());
                return new SpeechSummary(0, lease.engine().sampleRate(), 0, 0);
            }
        }
    }
}
