package dev.parlo.server.realtime;

import dev.parlo.server.http.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.StringNode;

/**
 * How a session listens and answers. Filled by one thread, and not changed once it holds: an update
 * changes a copy.
 */
final class SessionSettings {
    /** The language model of a session that names none. */
    static final String USUAL_MODEL = "gpt-realtime";

    static final String USUAL_INSTRUCTIONS =
            "You are a helpful voice assistant. Answer briefly and in plain spoken language, without"
                    + " lists, markup or emoji. Answer in the language that the user speaks.";

    boolean transcriptionOnly;
    String model;
    String instructions = USUAL_INSTRUCTIONS;
    boolean audio = true;
    String voice = "alloy";
    @Nullable String speechModel;
    double speed = 1;
    @Nullable Double temperature;
    OptionalInt maxOutputTokens = OptionalInt.empty();
    ArrayNode tools = Json.mapper().createArrayNode();
    JsonNode toolChoice = StringNode.valueOf("auto");
    WireFormat input = WireFormat.PCM_24K;
    WireFormat output = WireFormat.PCM_24K;

    /** Null for the usual one. */
    @Nullable String transcriptionModel;

    @Nullable String language;
    @Nullable String prompt;

    /** Whether the client hears of transcripts; null where it has not said so. */
    @Nullable Boolean transcripts;

    @Nullable TurnDetection turnDetection;

    /** What has no effect here and is shown as it was given, by its present name. */
    final Map<String, JsonNode> echoed = new LinkedHashMap<>();

    private SessionSettings(String model) {
        this.model = model;
    }

    static SessionSettings conversation(String model) {
        SessionSettings settings = new SessionSettings(model);
        settings.turnDetection = TurnDetection.server(true);
        return settings;
    }

    static SessionSettings transcription(String model) {
        SessionSettings settings = new SessionSettings(model);
        settings.turnDetection = TurnDetection.server(false);
        settings.becomeTranscription();
        return settings;
    }

    void becomeTranscription() {
        transcriptionOnly = true;
        transcripts = true;
    }

    SessionSettings copy() {
        SessionSettings copy = new SessionSettings(model);
        copy.transcriptionOnly = transcriptionOnly;
        copy.instructions = instructions;
        copy.audio = audio;
        copy.voice = voice;
        copy.speechModel = speechModel;
        copy.speed = speed;
        copy.temperature = temperature;
        copy.maxOutputTokens = maxOutputTokens;
        copy.tools = tools;
        copy.toolChoice = toolChoice;
        copy.input = input;
        copy.output = output;
        copy.transcriptionModel = transcriptionModel;
        copy.language = language;
        copy.prompt = prompt;
        copy.transcripts = transcripts;
        copy.turnDetection = turnDetection;
        copy.echoed.putAll(echoed);
        return copy;
    }

    /** Memory that it takes, at most. */
    long bytes() {
        long bytes = Json.bytes(tools) + Json.bytes(toolChoice);
        for (JsonNode shown : echoed.values()) {
            bytes += Json.bytes(shown);
        }
        @Nullable String[] texts = {
            model, instructions, voice, speechModel, transcriptionModel, language, prompt
        };
        for (@Nullable String text : texts) {
            bytes += text == null ? 0 : 2L * text.length();
        }
        return bytes;
    }

    /** Transcripts are told unless the client is one that has to ask for them. */
    boolean showsTranscripts(Dialect dialect) {
        Boolean said = transcripts;
        return said == null ? dialect != Dialect.GA : said;
    }
}
