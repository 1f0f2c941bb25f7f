package dev.parlo.server.speech;

import static dev.parlo.server.options.OptionType.choice;
import static dev.parlo.server.options.OptionType.flag;
import static dev.parlo.server.options.OptionType.text;
import static dev.parlo.server.options.OptionType.whole;

import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.server.http.FieldError;
import dev.parlo.server.http.Fields;
import dev.parlo.server.options.Option;
import dev.parlo.server.options.OptionType;
import dev.parlo.server.options.OptionType.Special;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a request for speech, each described once: OpenAI's, Speaches' {@code sample_rate},
 * those of Kokoro-FastAPI and EchoKit.
 */
public final class SpeechFields {
    private static final int MIN_RATE = 8_000;
    private static final int MAX_RATE = 48_000;
    private static final double LOUDEST = 10;

    private static final List<Option<SpeechDraft, ?>> ALL =
            List.of(
                    option(
                            "model",
                            new Special<>(SpeechFields::model, "MODEL", "{\"type\":\"string\"}"),
                            "Id or alias of the model; may be missing only where `speaker` is"
                                    + " given.",
                            (draft, value) -> draft.model = value),
                    option(
                                    "input",
                                    text(),
                                    "What to say, of any length.",
                                    (draft, value) -> draft.input = value)
                            .mandatory(),
                    option(
                                    "voice",
                                    new Special<>(
                                            SpeechFields::voice,
                                            "VOICE",
                                            """
                                            {"oneOf":[{"type":"string"},{"type":"object","properties":
                                            {"id":{"type":"string"}},"required":["id"]}]}
                                            """),
                                    "A voice of the model, an alias of one, or `{\"id\": …}`; for"
                                            + " Kokoro also a mix: `af_bella(2)+af_sky(1)`.",
                                    (draft, value) -> draft.voice = value)
                            .otherwise("`" + SpeechRequest.DEFAULT_VOICE + "`"),
                    option(
                                    "response_format",
                                    new Special<>(
                                            SpeechFields::format,
                                            "FORMAT",
                                            "{\"type\":\"string\"}"),
                                    "The audio: `" + AudioFormat.ids().replace(", ", "`, `") + "`.",
                                    (draft, value) -> draft.format = value)
                            .otherwise("`mp3`"),
                    option(
                            "speed",
                            new Special<>(
                                    SpeechFields::speed,
                                    "NUMBER",
                                    "{\"type\":\"number\",\"minimum\":0.25,\"maximum\":4}"),
                            "Factor of the voice's own pace, 0.25 to 4. espeak-ng speaks 80 to 450"
                                    + " words a minute (175 at 1) and stays within that.",
                            1.0,
                            (draft, value) -> draft.speed = value),
                    option(
                            "stream_format",
                            choice(List.of("audio", "sse")),
                            "The audio itself, or events that hold it as base64.",
                            "audio",
                            (draft, value) -> draft.streamFormat = value),
                    option(
                                    "stream",
                                    flag(),
                                    "Audio is sent while it is made; `false` sends the whole at"
                                            + " once, with its length, and a WAV then has its real"
                                            + " sizes.",
                                    (draft, value) -> draft.stream = value)
                            .otherwise("`true`"),
                    option(
                                    "sample_rate",
                                    whole(MIN_RATE, MAX_RATE),
                                    "Sample rate of the audio in Hz.",
                                    (draft, value) -> draft.sampleRate = OptionalInt.of(value))
                            .otherwise("the model's; 48000 for `mp3` and `aac`"),
                    option(
                                    "lang_code",
                                    text(),
                                    "Another language for this voice.",
                                    (draft, value) -> draft.language = value)
                            .alias("language")
                            .otherwise("the voice's"),
                    option(
                            "volume_multiplier",
                            new Special<>(
                                    SpeechFields::volume,
                                    "NUMBER",
                                    "{\"type\":\"number\",\"exclusiveMinimum\":0,\"maximum\":10}"),
                            "Factor of the model's own volume, above 0 and at most 10.",
                            1.0,
                            (draft, value) -> draft.volume = value),
                    option(
                                    "return_timestamps",
                                    flag(),
                                    "Events carry the times of words.",
                                    (draft, value) -> draft.timestamps = value)
                            .alias("timestamps")
                            .otherwise("`false`"),
                    option(
                            "normalization_options",
                            NormalizationFields.type(),
                            "Which kinds of notation are written out in words, with"
                                    + " Kokoro-FastAPI's switches.",
                            (draft, value) -> draft.normalization = value.read()),
                    option(
                            "ssml",
                            flag(),
                            "The input is an SSML document.",
                            false,
                            (draft, value) -> draft.ssml = value),
                    option(
                                    "allow_voice_tags",
                                    flag(),
                                    "`[voice:NAME]` and `[rate:N]` in the input change the"
                                            + " speaker.",
                                    (draft, value) -> draft.voiceTags = value)
                            .otherwise("`ENABLE_VOICE_TAGS`"),
                    option(
                            "voice_aliases",
                            new Special<>(
                                    ReadingFields::aliases,
                                    "JSON",
                                    """
                                    {"type":"object","maxProperties":100,"additionalProperties":
                                    {"oneOf":[{"type":"string"},{"type":"object","properties":
                                    {"voice":{"type":"string","description":"A voice of the model."},
                                    "rate":{"type":"number","minimum":0.25,"maximum":4,
                                    "description":"Factor of the speed."}},"required":["voice"]}]}}
                                    """),
                            "Voices that the names of speakers in the input stand for, each a voice"
                                    + " or `{\"voice\": …, \"rate\": 0.25 to 4}`; at most "
                                    + ReadingFields.MOST_ALIASES
                                    + ".",
                            (draft, value) -> draft.voiceAliases = value),
                    option(
                            "pronunciations",
                            new Special<>(
                                    ReadingFields::pronunciations,
                                    "JSON",
                                    """
                                    {"type":"object","maxProperties":1000,"additionalProperties":
                                    {"type":"string","maxLength":200}}
                                    """),
                            "Words, each with IPA between slashes or with other words; at most "
                                    + ReadingFields.MOST_PRONUNCIATIONS
                                    + ".",
                            (draft, value) -> draft.pronunciations = value),
                    option(
                            "instructions",
                            text(),
                            "Accepted and not followed; the answer says so in `X-Parlo-Ignored`.",
                            (draft, value) -> draft.instructed = !value.isEmpty()),
                    option(
                            "speaker",
                            new Special<>(SpeechFields::voice, "VOICE", "{\"type\":\"string\"}"),
                            "EchoKit's and GPT-SoVITS' name of the voice. Then neither model nor"
                                    + " voice is needed, the answer is a complete WAV file unless a"
                                    + " format is given, and an unknown name is answered by a"
                                    + " default voice.",
                            (draft, value) -> draft.speaker = value),
                    option(
                                    "keep_alive",
                                    OptionType.parsed(KeepAlive::parse, "TIME"),
                                    "How long the model stays loaded afterwards, for this and later"
                                            + " requests: seconds, a duration such as `5m`, 0 for"
                                            + " not at all, -1 for ever.",
                                    (draft, value) -> draft.keepAlive = value)
                            .otherwise("as set"));

    private SpeechFields() {}

    /** All of them, for documents. */
    public static List<? extends Option<?, ?>> all() {
        return ALL;
    }

    static void read(Fields fields, SpeechDraft draft) {
        ALL.forEach(option -> option.read(fields, draft));
    }

    /**
     * Reads an order for speech out of another request, whose text comes later.
     *
     * @param fields all of these but {@code input}; what is wrong is remembered there
     */
    public static SpeechOrder order(Fields fields) {
        SpeechDraft draft = new SpeechDraft();
        ALL.stream()
                .filter(option -> !option.name().equals("input"))
                .forEach(option -> option.read(fields, draft));
        return draft.request(fields, true).order();
    }

    private static @Nullable String model(Fields fields, String name) {
        String given = fields.text(name);
        if (given != null && given.isEmpty()) {
            fields.reject(FieldError.tooShort(List.of("body", name), given));
        }
        return given;
    }

    private static @Nullable String voice(Fields fields, String field) {
        JsonNode node = fields.root().path(field);
        JsonNode name = node.isObject() ? node.path("id") : node;
        if (name.isMissingNode() || name.isNull()) {
            return null;
        }
        if (!name.isString() || name.asString().isBlank()) {
            fields.reject(field, "a voice is a name or an object with an id");
            return null;
        }
        return name.asString();
    }

    private static @Nullable AudioFormat format(Fields fields, String name) {
        String given = fields.text(name);
        AudioFormat format = given == null ? null : AudioFormat.of(given).orElse(null);
        if (given != null && format == null) {
            fields.reject(name, List.of(AudioFormat.ids().split(", ")));
        }
        return format;
    }

    private static @Nullable Double speed(Fields fields, String name) {
        Double speed =
                fields.optionalNumber(name, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        if (speed != null && (speed < SpeechOptions.MIN_SPEED || speed > SpeechOptions.MAX_SPEED)) {
            fields.reject(name, "Speed must be between 0.25 and 4.0, got " + speed);
            return null;
        }
        return speed;
    }

    private static @Nullable Double volume(Fields fields, String name) {
        Double volume =
                fields.optionalNumber(name, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        if (volume != null && (volume <= 0 || volume > LOUDEST)) {
            fields.reject(name, "must be above 0 and at most 10");
            return null;
        }
        return volume;
    }

    private static <V> Option<SpeechDraft, V> option(
            String name, OptionType<V> type, String sentence, BiConsumer<SpeechDraft, V> setter) {
        return Option.of(name, type, sentence, setter);
    }

    private static <V> Option<SpeechDraft, V> option(
            String name,
            OptionType<V> type,
            String sentence,
            V fallback,
            BiConsumer<SpeechDraft, V> setter) {
        return Option.<SpeechDraft, V>of(name, type, sentence, setter).fallback(fallback);
    }
}
