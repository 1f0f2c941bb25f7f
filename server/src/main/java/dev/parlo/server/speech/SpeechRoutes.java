package dev.parlo.server.speech;

import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.engine.text.Script;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.RequestBody;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;

/**
 * Text to speech over HTTP: OpenAI's {@code /v1/audio/speech} and Kokoro-FastAPI's captions.
 * Thread-safe.
 */
final class SpeechRoutes {
    private final SpeechAnswers answers;
    private final boolean voiceTags;

    /**
     * @param voiceTags whether voice tags are understood where a request does not say
     */
    SpeechRoutes(SpeechAnswers answers, boolean voiceTags) {
        this.answers = answers;
        this.voiceTags = voiceTags;
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
        SpeechRequest request = read(ctx, false);
        SpeechOrder order = request.order();
        AudioFormat format = order.format();
        if (request.sse()) {
            // PCM unless a format was asked for
            SpeechOrder sent = request.formatGiven() ? order : order.withFormat(AudioFormat.PCM);
            Script script = answers.script(sent, request.input());
            answers.events(
                    ctx,
                    sent,
                    (answer, events) ->
                            new SpeechEvents(events, sent.wordTimes())
                                    .speak(answer.speech(), script));
            return;
        }
        Script script = answers.script(order, request.input());
        answers.answer(
                ctx,
                order,
                answer -> {
                    answer.header(
                            "Content-Disposition",
                            "attachment; filename=speech." + format.extension());
                    if (request.stream()) {
                        answer.stream(script, format.mimeType());
                    } else {
                        answer.whole(script, format.mimeType());
                    }
                });
    }

    private void captioned(Context ctx) {
        SpeechRequest request = read(ctx, true);
        SpeechOrder order = request.order();
        Script script = answers.script(order, request.input());
        answers.answer(
                ctx,
                order,
                answer -> {
                    CaptionedAnswer captions =
                            new CaptionedAnswer(answer, order.format().mimeType());
                    if (request.stream()) {
                        captions.stream(script);
                    } else {
                        captions.whole(script);
                    }
                });
    }

    private SpeechRequest read(Context ctx, boolean timestampsByDefault) {
        SpeechRequest request =
                SpeechRequest.read(RequestBody.bytes(ctx), timestampsByDefault, voiceTags);
        if (request.instructed()) {
            ctx.header("X-Parlo-Ignored", "instructions");
        }
        return request;
    }
}
