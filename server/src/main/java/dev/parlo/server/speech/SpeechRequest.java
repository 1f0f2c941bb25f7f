package dev.parlo.server.speech;

import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.engine.audio.AudioTarget;
import dev.parlo.engine.kokoro.KokoroLanguage;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.engine.text.Normalization;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.BodyFields;
import dev.parlo.server.http.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request for speech: OpenAI's fields, Speaches' {@code sample_rate}, those of Kokoro-FastAPI and
 * EchoKit.
 *
 * @param model null where EchoKit leaves it to us
 * @param format what the audio is written as
 * @param formatGiven false where the client left it to us
 * @param sse events instead of audio
 * @param stream whether audio goes out before all of it is known
 * @param timestamps whether the times of words were asked for
 * @param speakerNamed whether the voice came as EchoKit's {@code speaker}, which is never refused
 * @param keepAlive how long the model stays loaded afterwards; null for what is set
 * @param instructed whether there were instructions, which no model here follows
 */
record SpeechRequest(
        @Nullable String model,
        String input,
        SpeechOptions options,
        AudioFormat format,
        boolean formatGiven,
        boolean sse,
        boolean stream,
        boolean timestamps,
        OptionalInt sampleRate,
        boolean speakerNamed,
        @Nullable KeepAlive keepAlive,
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
        JsonNode root = BodyFields.json(body).root();
        List<FieldError> errors = new ArrayList<>();
        boolean echoKit = root.has("speaker") && !root.has("voice");
        String voice = voice(echoKit ? root.path("speaker") : root.path("voice"), errors);
        boolean anyModel = echoKit && !root.hasNonNull("model");
        String model = text(root, "model", timestampsByDefault ? DEFAULT_MODEL : "", errors);
        if (model.isEmpty() && !anyModel) {
            errors.add(
                    root.has("model")
                            ? FieldError.tooShort(List.of("body", "model"), "")
                            : FieldError.missing("body", "model"));
        }
        if (!root.has("input")) {
            errors.add(FieldError.missing("body", "input"));
        }
        String input = text(root, "input", "", errors);
        boolean formatGiven = root.hasNonNull("response_format");
        String formatName = text(root, "response_format", echoKit ? "wav" : "mp3", errors);
        AudioFormat format = AudioFormat.of(formatName).orElse(AudioFormat.MP3);
        if (AudioFormat.of(formatName).isEmpty()) {
            errors.add(
                    FieldError.literal(
                            List.of("body", "response_format"),
                            formatName,
                            List.of(AudioFormat.ids().split(", "))));
        }
        String streamFormat = text(root, "stream_format", "audio", errors);
        if (!streamFormat.equals("audio") && !streamFormat.equals("sse")) {
            errors.add(
                    FieldError.literal(
                            List.of("body", "stream_format"),
                            streamFormat,
                            List.of("audio", "sse")));
        }
        double speed = number(root, "speed", 1.0, errors);
        if (!(speed >= SpeechOptions.MIN_SPEED && speed <= SpeechOptions.MAX_SPEED)) {
            errors.add(
                    FieldError.value(
                            List.of("body", "speed"),
                            speed,
                            "Speed must be between 0.25 and 4.0, got " + speed));
            speed = 1;
        }
        double volume = number(root, "volume_multiplier", 1.0, errors);
        if (!(volume > 0 && volume <= 10)) {
            errors.add(
                    FieldError.value(
                            List.of("body", "volume_multiplier"),
                            volume,
                            "must be above 0 and at most 10"));
            volume = 1;
        }
        String language =
                KokoroLanguage.tagOf(
                        text(
                                root,
                                root.hasNonNull("lang_code") ? "lang_code" : "language",
                                "",
                                errors));
        boolean timestamps =
                bool(
                        root,
                        "return_timestamps",
                        bool(root, "timestamps", timestampsByDefault, errors),
                        errors);
        SpeechOptions options =
                new SpeechOptions(
                        voice,
                        speed,
                        language.isEmpty() ? null : language,
                        volume,
                        timestamps,
                        normalization(root.path("normalization_options"), errors),
                        ReadingFields.read(root, voiceTags, errors));
        SpeechRequest request =
                new SpeechRequest(
                        anyModel ? null : model,
                        input,
                        options,
                        format,
                        formatGiven,
                        streamFormat.equals("sse"),
                        bool(root, "stream", !echoKit, errors),
                        timestamps,
                        sampleRate(root, errors),
                        echoKit,
                        keepAlive(root.path("keep_alive"), errors),
                        !text(root, "instructions", "", errors).isEmpty());
        if (!errors.isEmpty()) {
            throw ApiError.validation(errors);
        }
        return request;
    }

    /** What the answer is written as. */
    AudioTarget target(AudioFormat written, int modelRate) {
        return AudioTarget.of(written, sampleRate.orElse(written.usualRate(modelRate)));
    }

    private static String voice(JsonNode node, List<FieldError> errors) {
        JsonNode name = node.isObject() ? node.path("id") : node;
        if (name.isMissingNode() || name.isNull()) {
            return DEFAULT_VOICE;
        }
        if (!name.isString() || name.asString().isBlank()) {
            errors.add(
                    FieldError.value(
                            List.of("body", "voice"),
                            name.toString(),
                            "a voice is a name or an object with an id"));
            return DEFAULT_VOICE;
        }
        return name.asString();
    }

    static String text(JsonNode root, String field, String fallback, List<FieldError> errors) {
        JsonNode node = root.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return fallback;
        }
        if (!node.isString()) {
            errors.add(
                    new FieldError(
                            "string_type",
                            List.of("body", field),
                            "Input should be a valid string",
                            node.toString(),
                            null));
            return fallback;
        }
        return node.asString();
    }

    private static double number(
            JsonNode root, String field, double fallback, List<FieldError> errors) {
        JsonNode node = root.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return fallback;
        }
        if (!node.isNumber()) {
            errors.add(FieldError.number(List.of("body", field), node.toString()));
            return fallback;
        }
        return node.asDouble();
    }

    static boolean bool(JsonNode root, String field, boolean fallback, List<FieldError> errors) {
        JsonNode node = root.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return fallback;
        }
        if (!node.isBoolean()) {
            errors.add(FieldError.bool(List.of("body", field), node.toString()));
            return fallback;
        }
        return node.asBoolean();
    }

    /** As Ollama has it: seconds as a number, or a text such as 5m. */
    private static @Nullable KeepAlive keepAlive(JsonNode node, List<FieldError> errors) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        String given = node.isString() ? node.asString() : node.toString();
        try {
            return KeepAlive.parse(given);
        } catch (IllegalArgumentException unreadable) {
            errors.add(
                    FieldError.value(
                            List.of("body", "keep_alive"),
                            given,
                            String.valueOf(unreadable.getMessage())));
            return null;
        }
    }

    private static OptionalInt sampleRate(JsonNode root, List<FieldError> errors) {
        JsonNode node = root.path("sample_rate");
        if (node.isMissingNode() || node.isNull()) {
            return OptionalInt.empty();
        }
        List<Object> at = List.of("body", "sample_rate");
        if (!node.isIntegralNumber()) {
            errors.add(FieldError.integer(at, node.toString()));
        } else if (node.asLong() < MIN_RATE) {
            errors.add(FieldError.atLeast(at, node.asLong(), MIN_RATE));
        } else if (node.asLong() > MAX_RATE) {
            errors.add(FieldError.atMost(at, node.asLong(), MAX_RATE));
        } else {
            return OptionalInt.of(node.asInt());
        }
        return OptionalInt.empty();
    }

    private static Normalization normalization(JsonNode node, List<FieldError> errors) {
        Normalization plain = Normalization.DEFAULT;
        if (!node.isObject()) {
            return plain;
        }
        return new Normalization(
                bool(node, "normalize", plain.enabled(), errors),
                bool(node, "unit_normalization", plain.units(), errors),
                bool(node, "url_normalization", plain.urls(), errors),
                bool(node, "email_normalization", plain.emails(), errors),
                bool(node, "optional_pluralization_normalization", plain.optionalPlurals(), errors),
                bool(node, "phone_normalization", plain.phones(), errors),
                bool(node, "replace_remaining_symbols", plain.symbols(), errors));
    }
}
