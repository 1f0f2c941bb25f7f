package dev.parlo.server.speech;

import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.engine.kokoro.KokoroLanguage;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.engine.text.Normalization;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.FieldError;
import dev.parlo.server.http.Fields;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request for speech: OpenAI's fields, Speaches' {@code sample_rate}, those of Kokoro-FastAPI and
 * EchoKit.
 *
 * @param formatGiven false where the client left the format to us
 * @param sse events instead of audio
 * @param stream whether audio goes out before all of it is known
 * @param instructed whether there were instructions, which no model here follows
 */
record SpeechRequest(
        String input,
        SpeechOrder order,
        boolean formatGiven,
        boolean sse,
        boolean stream,
        boolean instructed) {
    static final String DEFAULT_MODEL = "tts-1";
    static final String DEFAULT_VOICE = "alloy";
    private static final int MIN_RATE = 8_000;
    private static final int MAX_RATE = 48_000;

    /**
     * Reads a body.
     *
     * @param timestampsByDefault as {@code /dev/captioned_speech} has it
     * @param voiceTags whether voice tags are understood where the request does not say
     * @throws ApiError 422 naming everything that is wrong, 400 for a body that is not JSON
     */
    static SpeechRequest read(byte[] body, boolean timestampsByDefault, boolean voiceTags) {
        Fields fields = Fields.json(body);
        boolean echoKit = fields.given("speaker") && !fields.given("voice");
        String voice = voice(fields, echoKit ? "speaker" : "voice");
        boolean anyModel = echoKit && !fields.given("model");
        String model =
                anyModel || timestampsByDefault
                        ? fields.text("model", anyModel ? "" : DEFAULT_MODEL)
                        : fields.required("model");
        if (fields.root().path("model").asString("x").isEmpty()) {
            fields.reject(FieldError.tooShort(List.of("body", "model"), ""));
        }
        String input = fields.required("input");
        AudioFormat format = format(fields, echoKit ? "wav" : "mp3");
        String streamFormat = fields.choice("stream_format", "audio", List.of("audio", "sse"));
        double speed = speed(fields);
        double volume = volume(fields);
        String language =
                KokoroLanguage.tagOf(
                        fields.text(fields.given("lang_code") ? "lang_code" : "language", ""));
        boolean timestamps =
                fields.bool("return_timestamps", fields.bool("timestamps", timestampsByDefault));
        SpeechOptions options =
                new SpeechOptions(
                        voice,
                        speed,
                        language.isEmpty() ? null : language,
                        volume,
                        timestamps,
                        normalization(fields.within("normalization_options")),
                        ReadingFields.read(fields, voiceTags));
        SpeechOrder order =
                new SpeechOrder(
                        anyModel ? null : model,
                        options,
                        format,
                        fields.integerBetween("sample_rate", MIN_RATE, MAX_RATE),
                        OptionalInt.empty(),
                        // EchoKit's speakers are whatever its user has written down
                        echoKit ? SpeechOrder.Unknown.VOICE_REPLACED : SpeechOrder.Unknown.REFUSED,
                        keepAlive(fields));
        SpeechRequest request =
                new SpeechRequest(
                        input,
                        order,
                        fields.given("response_format"),
                        streamFormat.equals("sse"),
                        fields.bool("stream", !echoKit),
                        !fields.text("instructions", "").isEmpty());
        fields.check();
        return request;
    }

    private static AudioFormat format(Fields fields, String otherwise) {
        String name = fields.text("response_format", otherwise);
        return AudioFormat.of(name)
                .orElseGet(() -> {
                    fields.reject("response_format", List.of(AudioFormat.ids().split(", ")));
                    return AudioFormat.MP3;
                });
    }

    private static double speed(Fields fields) {
        double speed = fields.number("speed", 1, Double.NEGATIVE_INFINITY);
        if (speed >= SpeechOptions.MIN_SPEED && speed <= SpeechOptions.MAX_SPEED) {
            return speed;
        }
        fields.reject("speed", "Speed must be between 0.25 and 4.0, got " + speed);
        return 1;
    }

    private static double volume(Fields fields) {
        double volume = fields.number("volume_multiplier", 1, Double.NEGATIVE_INFINITY);
        if (volume > 0 && volume <= 10) {
            return volume;
        }
        fields.reject("volume_multiplier", "must be above 0 and at most 10");
        return 1;
    }

    private static String voice(Fields fields, String field) {
        JsonNode node = fields.root().path(field);
        JsonNode name = node.isObject() ? node.path("id") : node;
        if (name.isMissingNode() || name.isNull()) {
            return DEFAULT_VOICE;
        }
        if (!name.isString() || name.asString().isBlank()) {
            fields.reject(field, "a voice is a name or an object with an id");
            return DEFAULT_VOICE;
        }
        return name.asString();
    }

    /** As Ollama has it: seconds as a number, or a text such as 5m. */
    private static @Nullable KeepAlive keepAlive(Fields fields) {
        JsonNode node = fields.root().path("keep_alive");
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        try {
            return KeepAlive.parse(node.isString() ? node.asString() : node.toString());
        } catch (IllegalArgumentException unreadable) {
            fields.reject("keep_alive", String.valueOf(unreadable.getMessage()));
            return null;
        }
    }

    private static Normalization normalization(Fields given) {
        Normalization plain = Normalization.DEFAULT;
        return new Normalization(
                given.bool("normalize", plain.enabled()),
                given.bool("unit_normalization", plain.units()),
                given.bool("url_normalization", plain.urls()),
                given.bool("email_normalization", plain.emails()),
                given.bool("optional_pluralization_normalization", plain.optionalPlurals()),
                given.bool("phone_normalization", plain.phones()),
                given.bool("replace_remaining_symbols", plain.symbols()));
    }
}
