package dev.parlo.server.realtime;

import dev.parlo.server.http.Json;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.StringNode;

/**
 * Applies the {@code session} of an update, in either shape or both: only what is there changes,
 * and null takes away what can be absent.
 */
final class SessionReader {
    private static final List<String> ECHOED =
            List.of(
                    "tracing",
                    "prompt",
                    "truncation",
                    "include",
                    "parallel_tool_calls",
                    "reasoning");
    private static final int MOST_TOOLS = 128;
    private static final int MOST_TOKENS = 1 << 20;
    private static final double SLOWEST = 0.25;
    private static final double FASTEST = 4;

    private final SessionSettings settings;

    /**
     * @param settings that are changed
     */
    SessionReader(SessionSettings settings) {
        this.settings = settings;
    }

    /**
     * @throws RealtimeException naming the first value that cannot be used; the settings are then
     *     changed in part, and not to be used
     */
    void read(Given session) {
        String type = session.oneOf("type", List.of("realtime", "transcription"));
        if ("transcription".equals(type)) {
            settings.becomeTranscription();
        }
        String instructions = session.text("instructions");
        if (instructions != null) {
            settings.instructions = instructions;
        }
        modalities(session);
        answer(session);
        audio(session);
        for (String key : ECHOED) {
            if (session.has(key)) {
                settings.echoed.put(key, session.get(key));
            }
        }
    }

    /** Of a session, or of one response. */
    void modalities(Given given) {
        for (String key : List.of("output_modalities", "modalities")) {
            if (!given.has(key) || given.isNull(key)) {
                continue;
            }
            JsonNode value = given.get(key);
            boolean known = value.isArray() && !value.isEmpty();
            boolean spoken = false;
            if (value.isArray()) {
                for (JsonNode one : value) {
                    known &= one.asString("").equals("text") || one.asString("").equals("audio");
                    spoken |= one.asString("").equals("audio");
                }
            }
            if (!known) {
                throw new RealtimeException(
                        "invalid_value",
                        "Invalid value for '"
                                + given.param(key)
                                + "'. Supported values are: ['text'], ['audio'] and ['audio', 'text'].",
                        given.param(key));
            }
            settings.audio = spoken;
        }
    }

    /** How answers are made and sound; of a session, or of one response. */
    void answer(Given given) {
        Double temperature = given.number("temperature", 0, 2);
        settings.temperature = temperature == null ? settings.temperature : temperature;
        tokens(given);
        tools(given);
        voice(given, "voice");
        String speechModel = given.text("speech_model");
        settings.speechModel = speechModel == null ? settings.speechModel : speechModel;
        speed(given);
        if (given.has("output_audio_format") && !given.isNull("output_audio_format")) {
            settings.output =
                    WireFormat.read(
                            given.get("output_audio_format"), given.param("output_audio_format"));
        }
        Given output = given.object("audio").object("output");
        voice(output, "voice");
        speed(output);
        if (output.has("format") && !output.isNull("format")) {
            settings.output = WireFormat.read(output.get("format"), output.param("format"));
        }
    }

    private void speed(Given given) {
        Double speed = given.number("speed", SLOWEST, FASTEST);
        settings.speed = speed == null ? settings.speed : speed;
    }

    private void voice(Given given, String key) {
        JsonNode value = given.get(key);
        if (value.isObject()) {
            settings.voice = new Given(value, given.param(key)).required("id");
        } else {
            String voice = given.text(key);
            settings.voice = voice == null ? settings.voice : voice;
        }
    }

    private void tokens(Given given) {
        for (String key : List.of("max_output_tokens", "max_response_output_tokens")) {
            JsonNode value = given.get(key);
            if (value.isString() && value.asString().equals("inf") || value.isNull()) {
                settings.maxOutputTokens = OptionalInt.empty();
            } else if (given.has(key)) {
                Integer most = given.whole(key, 1, MOST_TOKENS);
                if (most != null) {
                    settings.maxOutputTokens = OptionalInt.of(most);
                }
            }
        }
    }

    private void tools(Given given) {
        JsonNode tools = given.get("tools");
        if (given.has("tools")) {
            if (!tools.isArray() && !tools.isNull()) {
                throw given.wrongType("tools", "an array");
            }
            settings.tools = functions(tools, given.param("tools"));
        }
        JsonNode choice = given.get("tool_choice");
        if (choice.isObject()) {
            settings.toolChoice = choice;
        } else if (given.has("tool_choice") && !choice.isNull()) {
            String word = given.oneOf("tool_choice", List.of("auto", "none", "required"));
            settings.toolChoice = StringNode.valueOf(word == null ? "auto" : word);
        }
    }

    /** Tools of other types are for servers that OpenAI asks itself; they are left out. */
    private static ArrayNode functions(JsonNode tools, String param) {
        ArrayNode functions = Json.mapper().createArrayNode();
        if (tools.size() > MOST_TOOLS) {
            throw new RealtimeException(
                    "array_above_max_length",
                    "'" + param + "' has more than " + MOST_TOOLS + " elements.",
                    param);
        }
        for (int i = 0; i < tools.size(); i++) {
            Given tool = new Given(tools.get(i), param + "[" + i + "]");
            if (!tool.node().isObject()) {
                throw new RealtimeException(
                        "invalid_type", "'" + tool.path() + "' must be an object.", tool.path());
            }
            String type = tool.text("type");
            if (type == null || type.equals("function")) {
                var unused = tool.required("name");
                functions.add(tool.node());
            }
        }
        return functions;
    }

    /** How the session listens. */
    private void audio(Given session) {
        if (session.has("input_audio_format") && !session.isNull("input_audio_format")) {
            settings.input =
                    WireFormat.read(
                            session.get("input_audio_format"), session.param("input_audio_format"));
        }
        transcription(session, "input_audio_transcription");
        turns(session);
        noise(session, "input_audio_noise_reduction");
        Given input = session.object("audio").object("input");
        if (input.has("format") && !input.isNull("format")) {
            settings.input = WireFormat.read(input.get("format"), input.param("format"));
        }
        transcription(input, "transcription");
        turns(input);
        noise(input, "noise_reduction");
    }

    private void noise(Given given, String key) {
        if (given.has(key)) {
            settings.echoed.put("noise_reduction", given.get(key));
        }
    }

    private void transcription(Given given, String key) {
        if (given.isNull(key)) {
            // The words are needed all the same; the client does not want to hear of them.
            settings.transcripts = settings.transcriptionOnly;
        } else if (given.has(key)) {
            Given wanted = given.object(key);
            settings.transcripts = true;
            if (wanted.has("model")) {
                settings.transcriptionModel = wanted.text("model");
            }
            if (wanted.has("language")) {
                settings.language = wanted.text("language");
            }
            if (wanted.has("prompt")) {
                settings.prompt = wanted.text("prompt");
            }
        }
    }

    private void turns(Given given) {
        if (given.isNull("turn_detection")) {
            settings.turnDetection = null;
        } else if (given.has("turn_detection")) {
            settings.turnDetection = turns(given.object("turn_detection"), settings.turnDetection);
        }
    }

    private TurnDetection turns(Given given, @Nullable TurnDetection before) {
        String type = given.oneOf("type", List.of("server_vad", "semantic_vad", "none"));
        TurnDetection.Type kind =
                type == null
                        ? before == null ? TurnDetection.Type.SERVER : before.type()
                        : type.equals("semantic_vad")
                                ? TurnDetection.Type.SEMANTIC
                                : TurnDetection.Type.SERVER;
        boolean answered = !settings.transcriptionOnly;
        TurnDetection base =
                before != null && before.type() == kind
                        ? before
                        : kind == TurnDetection.Type.SEMANTIC
                                ? TurnDetection.semantic(answered)
                                : TurnDetection.server(answered);
        String eagerness = given.oneOf("eagerness", List.of("low", "medium", "high", "auto"));
        return new TurnDetection(
                kind,
                or(given.number("threshold", 0, 1), base.threshold()),
                or(
                        given.whole("prefix_padding_ms", 0, TurnDetection.LONGEST_MS),
                        base.prefixPaddingMs()),
                or(
                        given.whole("silence_duration_ms", 0, TurnDetection.LONGEST_MS),
                        base.silenceMs()),
                or(given.flag("create_response"), base.createResponse()),
                or(given.flag("interrupt_response"), base.interruptResponse()),
                idle(given, base),
                eagerness == null
                        ? base.eagerness()
                        : TurnDetection.Eagerness.valueOf(eagerness.toUpperCase(Locale.ROOT)));
    }

    private static OptionalInt idle(Given given, TurnDetection base) {
        if (!given.has("idle_timeout_ms")) {
            return base.idleTimeoutMs();
        }
        Integer idle = given.whole("idle_timeout_ms", 1000, TurnDetection.LONGEST_MS);
        return idle == null ? OptionalInt.empty() : OptionalInt.of(idle);
    }

    private static <T> T or(@Nullable T given, T usual) {
        return given == null ? usual : given;
    }
}
