package dev.parlo.server.realtime;

import dev.parlo.server.http.Json;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A session as a client is shown it: in its dialect, or with the keys of both where that is not
 * known.
 *
 * @param transcriptionModel that answers
 * @param expiresAt Unix time in seconds
 */
record SessionView(String id, SessionSettings settings, String transcriptionModel, long expiresAt) {
    ObjectNode in(Dialect dialect) {
        ObjectNode node = Json.mapper().createObjectNode();
        if (dialect != Dialect.BETA) {
            node.put("type", settings.transcriptionOnly ? "transcription" : "realtime");
        }
        node.put("id", id);
        node.put(
                "object",
                settings.transcriptionOnly ? "realtime.transcription_session" : "realtime.session");
        boolean whole = !settings.transcriptionOnly || dialect != Dialect.GA;
        if (whole) {
            node.put("model", settings.model);
            node.put("instructions", settings.instructions);
            node.set("tools", settings.tools);
            node.set("tool_choice", settings.toolChoice);
        }
        if (dialect != Dialect.GA) {
            beta(node, dialect);
        }
        if (dialect != Dialect.BETA) {
            ga(node, dialect, whole);
        }
        node.put("expires_at", expiresAt);
        node.set("include", echoed("include"));
        return node;
    }

    private JsonNode echoed(String key) {
        return settings.echoed.getOrDefault(key, NullNode.getInstance());
    }

    private void beta(ObjectNode node, Dialect dialect) {
        node.putArray("modalities").add("text");
        if (settings.audio) {
            node.putArray("modalities").add("audio").add("text");
        }
        node.put("voice", settings.voice);
        node.put("speech_model", settings.speechModel);
        node.put("speed", settings.speed);
        node.put("input_audio_format", settings.input.beta());
        node.put("output_audio_format", settings.output.beta());
        node.set("input_audio_transcription", transcription(dialect));
        node.set("input_audio_noise_reduction", echoed("noise_reduction"));
        node.set("turn_detection", turns());
        node.put("temperature", settings.temperature == null ? 0.8 : settings.temperature);
        tokens(node, "max_response_output_tokens");
    }

    private void ga(ObjectNode node, Dialect dialect, boolean whole) {
        if (whole) {
            node.putArray("output_modalities").add(settings.audio ? "audio" : "text");
            tokens(node, "max_output_tokens");
            for (String key : new String[] {"tracing", "prompt"}) {
                node.set(key, echoed(key));
            }
            JsonNode truncation = settings.echoed.get("truncation");
            if (truncation == null) {
                node.put("truncation", "auto");
            } else {
                node.set("truncation", truncation);
            }
            for (String key : new String[] {"parallel_tool_calls", "reasoning"}) {
                if (settings.echoed.containsKey(key)) {
                    node.set(key, echoed(key));
                }
            }
        }
        ObjectNode audio = node.putObject("audio");
        ObjectNode input = audio.putObject("input");
        input.set("format", settings.input.ga());
        input.set("transcription", transcription(dialect));
        input.set("noise_reduction", echoed("noise_reduction"));
        input.set("turn_detection", turns());
        if (whole) {
            ObjectNode output = audio.putObject("output");
            output.set("format", settings.output.ga());
            output.put("voice", settings.voice);
            output.put("speed", settings.speed);
        }
    }

    private void tokens(ObjectNode node, String key) {
        if (settings.maxOutputTokens.isPresent()) {
            node.put(key, settings.maxOutputTokens.getAsInt());
        } else {
            node.put(key, "inf");
        }
    }

    private JsonNode transcription(Dialect dialect) {
        if (!settings.showsTranscripts(dialect)) {
            return NullNode.getInstance();
        }
        ObjectNode node = Json.mapper().createObjectNode();
        @Nullable String asked = settings.transcriptionModel;
        node.put("model", asked == null ? transcriptionModel : asked);
        node.put("language", settings.language);
        node.put("prompt", settings.prompt == null ? "" : settings.prompt);
        return node;
    }

    private JsonNode turns() {
        TurnDetection turns = settings.turnDetection;
        if (turns == null) {
            return NullNode.getInstance();
        }
        ObjectNode node = Json.mapper().createObjectNode();
        if (turns.type() == TurnDetection.Type.SEMANTIC) {
            node.put("type", "semantic_vad");
            node.put("eagerness", turns.eagerness().name().toLowerCase(Locale.ROOT));
        } else {
            node.put("type", "server_vad");
            node.put("threshold", turns.threshold());
            node.put("prefix_padding_ms", turns.prefixPaddingMs());
            node.put("silence_duration_ms", turns.silenceMs());
            if (turns.idleTimeoutMs().isPresent()) {
                node.put("idle_timeout_ms", turns.idleTimeoutMs().getAsInt());
            } else {
                node.putNull("idle_timeout_ms");
            }
        }
        node.put("create_response", turns.createResponse());
        node.put("interrupt_response", turns.interruptResponse());
        return node;
    }
}
