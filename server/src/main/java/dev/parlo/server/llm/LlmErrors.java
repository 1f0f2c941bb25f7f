package dev.parlo.server.llm;

import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Json;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a client is told when the language model does not answer: Speaches' keys, and the model's
 * own error object where it sent one. The address of the model is the operator's, and is not among
 * them.
 */
final class LlmErrors {
    private static final int LONGEST_WORDS = 500;

    private LlmErrors() {}

    static ApiError notConfigured() {
        return ApiError.of(
                503,
                "This server has no language model to answer with. Set CHAT_COMPLETION_BASE_URL to"
                        + " one with OpenAI's API, such as http://localhost:11434/v1 for Ollama, and"
                        + " restart the server.",
                "no_llm");
    }

    /** It answered with an error: same status, same error object. */
    static ApiError refused(int status, byte[] body) {
        JsonNode error = parsed(body).path("error");
        String words = words(error, body);
        return of(
                status < 400 ? 502 : status,
                "Failed to communicate with the language model API. It answered "
                        + status
                        + (words.isEmpty() ? "." : ": " + words),
                "llm_refused",
                error.isObject() ? error : null);
    }

    /** An error among the events of a stream that began well. */
    static ApiError failed(JsonNode error) {
        return of(
                502,
                "The language model broke off: " + words(error, new byte[0]),
                "llm_failed",
                error.isObject() ? error : null);
    }

    /** It does not speak the protocol. */
    static ApiError misunderstood(String what) {
        return of(
                502,
                "The server at CHAT_COMPLETION_BASE_URL " + what + ", which is not OpenAI's API.",
                "llm_misunderstood",
                null);
    }

    static ApiError unreachable(IOException failure, Duration silence) {
        if (failure instanceof InterruptedIOException) {
            return of(
                            504,
                            "The language model sent nothing for "
                                    + silence.toSeconds()
                                    + " s (CHAT_COMPLETION_TIMEOUT), or could not be connected to"
                                    + " in time.",
                            "llm_timeout",
                            null)
                    .withCause(failure);
        }
        return of(
                        502,
                        "The language model at CHAT_COMPLETION_BASE_URL cannot be reached, or broke"
                                + " the connection. Check that it runs and that the address is"
                                + " right.",
                        "llm_unreachable",
                        null)
                .withCause(failure);
    }

    private static ApiError of(int status, String message, String code, @Nullable JsonNode error) {
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("hint", "Verify your API key, endpoint URL, and network connection.");
        more.put(
                "suggested_fixes",
                List.of(
                        "Check that the language model runs and that CHAT_COMPLETION_BASE_URL is its"
                                + " address, which usually ends in /v1.",
                        "Check that CHAT_COMPLETION_API_KEY is the key that it accepts.",
                        "Check that it has the model that was named, or set CHAT_COMPLETION_MODEL.",
                        "Check the connection between this server and the language model."));
        more.put("error_id", UUID.randomUUID().toString());
        if (error != null) {
            Map<String, Object> passedOn = new LinkedHashMap<>();
            error.properties().forEach(entry -> passedOn.put(entry.getKey(), entry.getValue()));
            more.put("error", passedOn);
        }
        return ApiError.of(status, message, code).withBody(more);
    }

    private static JsonNode parsed(byte[] body) {
        try {
            return Json.mapper().readTree(body);
        } catch (JacksonException noJson) {
            return Json.mapper().createObjectNode();
        }
    }

    /** What it says about itself, whatever the shape. */
    private static String words(JsonNode error, byte[] body) {
        String message = error.isString() ? error.asString() : error.path("message").asString("");
        String all = message.isBlank() ? new String(body, StandardCharsets.UTF_8) : message;
        String line = all.strip().replaceAll("\\p{Cntrl}+", " ");
        return line.length() > LONGEST_WORDS ? line.substring(0, LONGEST_WORDS) + "…" : line;
    }
}
