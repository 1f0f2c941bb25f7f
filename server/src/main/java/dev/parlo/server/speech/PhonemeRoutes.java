package dev.parlo.server.speech;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.UnknownVoiceException;
import dev.parlo.engine.audio.AudioEncoders;
import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.engine.audio.AudioTarget;
import dev.parlo.engine.device.TextToSpeechOnGpus;
import dev.parlo.engine.kokoro.KokoroEngine;
import dev.parlo.engine.kokoro.KokoroSpelling;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.ContentType;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.RequestBody;
import dev.parlo.server.http.RunningRequest;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What Kokoro-FastAPI offers beside speech: phonemes of a text, speech of phonemes, a voice mixed
 * of others. Thread-safe.
 */
final class PhonemeRoutes {
    private record Phonemized(String phonemes, List<Integer> tokens) {}

    private final TextToSpeechModels models;
    private final VoiceAliases voices;
    private final Supplier<KokoroSpelling> spelling;
    private final SpeechLimits limits;
    private final AudioEncoders encoders;

    public PhonemeRoutes(
            TextToSpeechModels models,
            VoiceAliases voices,
            BuiltInEspeak espeak,
            SpeechLimits limits,
            AudioEncoders encoders) {
        this.models = models;
        this.voices = voices;
        this.spelling = espeak::spelling;
        this.limits = limits;
        this.encoders = encoders;
    }

    public void register(RoutesConfig routes) {
        routes.post("/dev/phonemize", this::phonemize);
        routes.post("/dev/generate_from_phonemes", this::generate);
        routes.post("/v1/audio/voices/combine", this::combine);
    }

    private void phonemize(Context ctx) {
        Fields body = Fields.json(RequestBody.bytes(ctx));
        String text = body.required("text");
        String language = body.text("language", "a");
        body.check();
        limits.checkLength(text.length());
        KokoroSpelling.Phonemes phonemes =
                unprocessable(() -> spelling.get().phonemize(text, language));
        Json.respond(ctx, new Phonemized(phonemes.phonemes(), phonemes.tokens()));
    }

    private void generate(Context ctx) {
        Fields body = Fields.json(RequestBody.bytes(ctx));
        String phonemes = body.required("phonemes");
        String voice = body.text("voice", "af_heart");
        String model = body.text("model", SpeechRequest.DEFAULT_MODEL);
        body.check();
        byte[] wav =
                kokoro(
                        model,
                        engine -> {
                            SpeechOptions options =
                                    voices.resolve(SpeechOptions.of(voice), engine, false);
                            int rate = engine.sampleRate();
                            try (WholeAudio audio =
                                    new WholeAudio(
                                            encoders,
                                            AudioTarget.of(AudioFormat.WAV, rate),
                                            rate,
                                            RequestBody.share(ctx))) {
                                var unused =
                                        engine.speakPhonemes(
                                                phonemes,
                                                options,
                                                audio,
                                                RunningRequest.of(ctx).cancellation());
                                return audio.finish();
                            }
                        });
        ContentType.set(ctx, AudioFormat.WAV.mimeType());
        ctx.result(wav);
    }

    /** A voice file of raw float32, {@code [rows, 1, 256]}, that Kokoro loaders read. */
    private void combine(Context ctx) {
        String model = Fields.query(ctx).text("model", SpeechRequest.DEFAULT_MODEL);
        String expression = expression(RequestBody.bytes(ctx));
        float[] pack = kokoro(model, engine -> engine.voicePack(expression));
        ByteBuffer bytes =
                ByteBuffer.allocate(pack.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(pack);
        ctx.header("Content-Disposition", "attachment; filename=combined.bin");
        ContentType.set(ctx, "application/octet-stream");
        ctx.result(bytes.array());
    }

    private static String expression(byte[] body) {
        JsonNode root;
        try {
            root = Json.mapper().readTree(body);
        } catch (JacksonException broken) {
            throw ApiError.of(400, "The body is not valid JSON.").withCause(broken);
        }
        if (root.isString()) {
            return root.asString();
        }
        if (root.isArray() && !root.isEmpty()) {
            List<String> names = new ArrayList<>();
            root.forEach(name -> names.add(name.asString("")));
            return String.join("+", names);
        }
        throw ApiError.of(
                422,
                "The body must be a JSON string such as \"af_bella(2)+af_sky\" or a list of voices.");
    }

    private <T> T kokoro(String model, Function<KokoroEngine, T> use) {
        try (TextToSpeechModels.Lease lease = models.lease(model, null)) {
            if (TextToSpeechOnGpus.member(lease.engine()) instanceof KokoroEngine engine) {
                return unprocessable(() -> use.apply(engine));
            }
            throw ApiError.of(
                    400,
                    "This needs a Kokoro model; '"
                            + model
                            + "' is answered by '"
                            + lease.modelId()
                            + "'. Install one with POST /v1/models/speaches-ai/Kokoro-82M-v1.0-ONNX.");
        }
    }

    private static <T> T unprocessable(Supplier<T> work) {
        try {
            return work.get();
        } catch (UnknownVoiceException unknown) {
            throw ApiError.of(422, String.valueOf(unknown.getMessage()), "unknown_voice")
                    .withCause(unknown);
        } catch (EngineException wrong) {
            if (wrong.category() == EngineException.Category.BAD_REQUEST) {
                throw ApiError.of(422, String.valueOf(wrong.getMessage())).withCause(wrong);
            }
            throw wrong;
        }
    }
}
