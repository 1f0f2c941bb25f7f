package dev.parlo.server.chat;

import static dev.parlo.server.options.OptionType.flag;
import static dev.parlo.server.options.OptionType.text;
import static dev.parlo.server.options.OptionType.whole;

import dev.parlo.server.http.FieldError;
import dev.parlo.server.http.Fields;
import dev.parlo.server.options.Option;
import dev.parlo.server.options.OptionType;
import dev.parlo.server.options.OptionType.Special;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of a chat completion that are looked at here, each described once; all others are the
 * language model's.
 */
public final class ChatFields {
    /** Those that the language model is not sent. */
    static final Set<String> OWN =
            Set.of(
                    "audio",
                    "transcription_model",
                    "transcription_extra_body",
                    "speech_model",
                    "speech_extra_body");

    static final String AUDIO = "audio";
    static final String PCM16 = "pcm16";

    private static final List<String> MODALITIES = List.of("text", AUDIO);
    private static final List<String> FORMATS = List.of("wav", "mp3", "flac", "opus", "aac", PCM16);

    /** Of the audio; its default goes by {@code stream}. */
    private record Audio(@Nullable String voice, @Nullable String format) {}

    private static final List<Option<ChatDraft, ?>> ALL =
            List.of(
                    option(
                            "model",
                            text(),
                            "The language model's name, which is its own; `CHAT_COMPLETION_MODEL`"
                                    + " takes its place where that is set.",
                            (draft, value) -> {}),
                    option(
                                    "messages",
                                    new Special<>(
                                            ChatFields::messages,
                                            "JSON",
                                            """
                                            {"type":"array","minItems":1,"items":{"type":"object",
                                            "additionalProperties":true}}
                                            """),
                                    "The conversation. A part `{\"type\": \"input_audio\","
                                            + " \"input_audio\": {\"data\": BASE64, \"format\":"
                                            + " \"wav\"}}` becomes the text that was spoken in it, in"
                                            + " any format that a transcription takes; an"
                                            + " assistant's `\"audio\": {\"id\": …}` the text that was"
                                            + " answered under that id within the last hour.",
                                    (draft, value) -> {})
                            .mandatory(),
                    option(
                            "stream",
                            flag(),
                            "Events, ended by `data: [DONE]`.",
                            false,
                            (draft, value) -> draft.stream = value),
                    option(
                                    "modalities",
                                    new Special<>(
                                            ChatFields::modalities,
                                            "JSON",
                                            """
                                            {"type":"array","items":{"type":"string",
                                            "enum":["text","audio"]}}
                                            """),
                                    "With `audio` among them the answer is spoken.",
                                    (draft, value) -> draft.modalities = value)
                            .otherwise("`[\"text\"]`"),
                    option(
                                    AUDIO,
                                    new Special<>(
                                            ChatFields::audio,
                                            "JSON",
                                            """
                                            {"type":"object","properties":{
                                            "voice":{"oneOf":[{"type":"string"},{"type":"object",
                                            "properties":{"id":{"type":"string"}},"required":["id"]}]},
                                            "format":{"type":"string",
                                            "enum":["wav","mp3","flac","opus","aac","pcm16"]}}}
                                            """),
                                    "How it is spoken: `voice`, `format` (`wav`, `mp3`, `flac`,"
                                            + " `opus`, `aac`, `pcm16`; streams are `pcm16`, 24 kHz).",
                                    (draft, value) -> {
                                        draft.voice = value.voice();
                                        draft.format = value.format();
                                    })
                            .otherwise("`alloy`, and `wav` or in streams `pcm16`"),
                    option("n", whole(1), "One answer; more are refused.", 1, (draft, value) -> {}),
                    option(
                                    "transcription_model",
                                    text(),
                                    "Who listens.",
                                    (draft, value) -> draft.transcriptionModel = value)
                            .otherwise("`whisper-1` where it is installed, else any"),
                    option(
                            "transcription_extra_body",
                            object(),
                            "Further options of a [transcription](#transcriptions).",
                            (draft, value) -> draft.transcription = value),
                    option(
                            "speech_model",
                            text(),
                            "Who speaks.",
                            "tts-1",
                            (draft, value) -> draft.speechModel = value),
                    option(
                                    "speech_extra_body",
                                    object(),
                                    "Further fields of [speech](#speech).",
                                    (draft, value) -> draft.speech = value)
                            .otherwise("`{\"sample_rate\": 24000}`"));

    private ChatFields() {}

    /** All of them, for documents. */
    public static List<? extends Option<?, ?>> all() {
        return ALL;
    }

    static void read(Fields fields, ChatDraft draft) {
        ALL.forEach(option -> option.read(fields, draft));
    }

    private static @Nullable JsonNode messages(Fields fields, String name) {
        JsonNode list = fields.root().path(name);
        if (!list.isArray() || list.isEmpty()) {
            fields.reject(name, "a list of at least one message is needed");
            return null;
        }
        return list;
    }

    private static @Nullable List<String> modalities(Fields fields, String name) {
        JsonNode list = fields.root().path(name);
        if (!list.isArray()) {
            fields.reject(name, "Input should be a list of " + MODALITIES);
            return null;
        }
        List<String> given = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String word = list.path(i).asString("");
            if (!MODALITIES.contains(word)) {
                fields.reject(
                        FieldError.literal(List.of("body", name, i), list.path(i), MODALITIES));
            }
            given.add(word);
        }
        return given;
    }

    private static Audio audio(Fields fields, String name) {
        Fields audio = fields.within(name);
        JsonNode voice = audio.root().path("voice");
        JsonNode named = voice.isObject() ? voice.path("id") : voice;
        boolean given = !named.isMissingNode() && !named.isNull();
        if (given && (!named.isString() || named.asString().isBlank())) {
            audio.reject("voice", "a voice is a name or an object with an id");
        }
        return new Audio(
                given ? named.asString("") : null,
                // OpenAI's word for what the speech endpoint calls pcm
                "pcm".equals(audio.root().path("format").asString(""))
                        ? PCM16
                        : audio.choice("format", FORMATS));
    }

    private static OptionType<ObjectNode> object() {
        return new Special<>(
                (fields, name) ->
                        fields.within(name).root() instanceof ObjectNode object ? object : null,
                "JSON",
                "{\"type\":\"object\",\"additionalProperties\":true}");
    }

    private static <V> Option<ChatDraft, V> option(
            String name, OptionType<V> type, String sentence, BiConsumer<ChatDraft, V> setter) {
        return Option.of(name, type, sentence, setter);
    }

    private static <V> Option<ChatDraft, V> option(
            String name,
            OptionType<V> type,
            String sentence,
            V fallback,
            BiConsumer<ChatDraft, V> setter) {
        return Option.<ChatDraft, V>of(name, type, sentence, setter).fallback(fallback);
    }
}
