package dev.parlo.server.runpod;

import dev.parlo.server.http.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request to this server's API, as a job holds it.
 *
 * @param path with or without a query
 * @param body null for none
 * @param file whose address, or whose bytes, come with it
 * @param fileField the name of its field in the form
 * @param stream whether the answer is told in parts
 * @param progress whether the client is told how far the job is
 * @param refreshWorker whether the worker ends after this job
 */
record JobInput(
        String method,
        String path,
        Map<String, String> headers,
        Map<String, List<String>> query,
        @Nullable ObjectNode body,
        JobFile file,
        String fileField,
        boolean stream,
        boolean progress,
        boolean refreshWorker) {
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    private static final Set<String> WITHOUT_PATH =
            Set.of("method", "headers", "query_params", "stream", "progress", "refresh_worker");
    private static final Set<String> SPEECH = Set.of("/v1/audio/speech", "/v1/audio/speech/");

    /** The file of a form. */
    sealed interface JobFile {
        record None() implements JobFile {}

        record At(String address) implements JobFile {}

        record Inline(String base64, String fileName, @Nullable String contentType)
                implements JobFile {}
    }

    /**
     * Reads a job's input.
     *
     * @throws JobException for what is no request
     */
    static JobInput of(JsonNode input) {
        if (!input.isObject()) {
            throw new JobException(
                    "'input' must be an object such as {\"method\": \"GET\", \"path\": \"/health\"}.");
        }
        String method = text(input, "method", "GET").toUpperCase(Locale.ROOT);
        if (!METHODS.contains(method)) {
            throw new JobException(
                    "'method' is not one of " + METHODS.stream().sorted().toList() + ".");
        }
        if (!input.hasNonNull("path") && !WITHOUT_PATH.containsAll(input.propertyNames())) {
            // An input made for another worker, such as {"audio": "https://…"}: the first page
            // would be its result, and the job would count as done.
            throw new JobException(
                    "'path' is missing, such as /v1/audio/transcriptions; given are "
                            + input.propertyNames().stream().limit(10).map(JobInput::cut).toList()
                            + ".");
        }
        String path = text(input, "path", "/");
        if (!path.startsWith("/") || path.startsWith("//") || path.contains("\\")) {
            throw new JobException("'path' must begin with one slash, such as /v1/audio/speech.");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        object(input, "headers").forEach((name, value) -> headers.put(name, header(name, value)));
        Map<String, List<String>> query = new LinkedHashMap<>();
        object(input, "query_params").forEach((name, value) -> query.put(name, texts(value)));
        return new JobInput(
                method,
                path,
                headers,
                query,
                body(input, method, path),
                file(input),
                text(input, "file_field", "file"),
                input.path("stream").asBoolean(false),
                input.path("progress").asBoolean(false),
                input.path("refresh_worker").asBoolean(false));
    }

    /** Whether a body follows, an empty one where none was given. */
    boolean hasBody() {
        return !method.equals("GET") && !method.equals("HEAD") && !method.equals("DELETE");
    }

    private static @Nullable ObjectNode body(JsonNode input, String method, String path) {
        JsonNode given = input.path("body");
        if (!given.isObject()) {
            if (!given.isMissingNode() && !given.isNull()) {
                throw new JobException("'body' must be an object.");
            }
            return null;
        }
        ObjectNode body = (ObjectNode) given.deepCopy();
        boolean streamed = input.path("stream").asBoolean(false);
        boolean unnamed =
                body.path("response_format").isMissingNode()
                        && !body.path("stream_format").asString("").equals("sse");
        if (method.equals("POST") && SPEECH.contains(path) && unnamed && !streamed) {
            // The result is one value: a file whose header says how long it is, which every client
            // can open, and not the stream of MP3 that a connection would be answered with.
            body.put("response_format", "wav");
            if (body.path("stream").isMissingNode()) {
                body.put("stream", false);
            }
        }
        return body;
    }

    private static JobFile file(JsonNode input) {
        String address = text(input, "file_url", "");
        String base64 = text(input, "file_base64", "");
        if (!address.isEmpty() && !base64.isEmpty()) {
            throw new JobException(
                    "'file_url' and 'file_base64' are both given; send one of them.");
        }
        if (!address.isEmpty()) {
            return new JobFile.At(address);
        }
        return base64.isEmpty()
                ? new JobFile.None()
                : new JobFile.Inline(
                        base64,
                        text(input, "filename", "audio_file"),
                        input.path("content_type").asString(null));
    }

    private static String cut(String name) {
        return name.length() > 40 ? name.substring(0, 40) + "…" : name;
    }

    private static String text(JsonNode input, String name, String usual) {
        JsonNode value = input.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return usual;
        }
        if (!value.isString()) {
            throw new JobException("'" + name + "' must be a text.");
        }
        return value.asString();
    }

    private static Map<String, JsonNode> object(JsonNode input, String name) {
        JsonNode value = input.path(name);
        if (!value.isObject() && !value.isMissingNode() && !value.isNull()) {
            throw new JobException("'" + name + "' must be an object.");
        }
        Map<String, JsonNode> entries = new LinkedHashMap<>();
        value.properties().forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
        return entries;
    }

    private static String header(String name, JsonNode value) {
        if (value.isContainer()) {
            throw new JobException("'headers." + name + "' must be a text.");
        }
        return value.asString("");
    }

    /** A value as the fields of a form or the parameters of a query have it. */
    static List<String> texts(JsonNode value) {
        if (value.isNull()) {
            return List.of();
        }
        if (value.isArray()) {
            return value.valueStream().flatMap(item -> texts(item).stream()).toList();
        }
        return List.of(value.isContainer() ? Json.text(value) : value.asString());
    }
}
