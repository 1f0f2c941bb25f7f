package dev.parlo.server.sovits;

import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.registry.ModelTask;
import dev.parlo.registry.SpeechVoices;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.RequestBody;
import dev.parlo.server.models.ModelLibrary;
import dev.parlo.server.speech.SpeechAnswers;
import dev.parlo.server.speech.SpeechOrder;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * GPT-SoVITS' {@code stream_speech}, {@code batch_speech} and {@code speakers}: bare PCM in answer
 * to {@code {"speaker", "input", "sample_rate"}}. Thread-safe.
 */
public final class SovitsRoutes {
    private static final List<Integer> RATES =
            List.of(48_000, 44_000, 32_000, 24_000, 16_000, 8_000);
    private static final int USUAL_RATE = 32_000;

    private final SpeechAnswers answers;
    private final ModelLibrary library;

    public SovitsRoutes(SpeechAnswers answers, ModelLibrary library) {
        this.answers = answers;
        this.library = library;
    }

    public void register(RoutesConfig routes) {
        routes.post("/v1/audio/stream_speech", this::speak);
        routes.post("/v1/audio/batch_speech", this::speak);
        routes.get("/v1/audio/speakers", this::speakers);
    }

    private void speak(Context ctx) {
        Fields body = Fields.json(RequestBody.bytes(ctx));
        String text = body.required("input");
        String speaker = body.text(body.given("speaker") ? "speaker" : "voice");
        String model = body.text("model");
        OptionalInt given = body.integerBetween("sample_rate", 1, 1_000_000);
        double speed = body.number("speed", 1, 0.25, 4);
        body.check();
        int rate = given.orElse(USUAL_RATE);
        if (!RATES.contains(rate)) {
            throw ApiError.of(
                            400,
                            String.format(
                                    Locale.ROOT,
                                    "sample_rate is %d, accepted are %s.",
                                    rate,
                                    RATES),
                            "invalid_sample_rate")
                    .withParam("sample_rate");
        }
        SpeechOrder order =
                SpeechOrder.of(model, speaker, AudioFormat.PCM)
                        .withSampleRate(rate)
                        .withSpeed(speed);
        answers.stream(ctx, order, text, "audio/pcm;rate=" + rate);
    }

    private void speakers(Context ctx) {
        List<String> names =
                library.installed(ModelTask.TEXT_TO_SPEECH).stream()
                        .flatMap(model -> model.card().voices().stream())
                        .map(SpeechVoices.Voice::id)
                        .distinct()
                        .toList();
        Json.respond(ctx, names);
    }
}
