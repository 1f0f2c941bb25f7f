package dev.parlo.server.runpod;

import dev.parlo.server.http.Json;
import java.io.IOException;
import java.util.Base64;
import java.util.function.Consumer;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What an answer of this server is as the output of a job. */
final class JobOutput {
    /** Of an answer: larger ones cannot be delivered anyway, and base64 and JSON hold it again. */
    private static final long MOST_BYTES = 32L << 20;

    /** Of audio in one part: as base64 it stays below the platform's 1 MB. */
    private static final int PART_BYTES = 512 << 10;

    /** Of an event, which is a part. */
    private static final int LONGEST_EVENT = 1 << 20;

    private JobOutput() {}

    /** The answer as one value. */
    static JsonNode whole(Response response, String type) throws IOException {
        Buffer bytes = new Buffer();
        BufferedSource source = response.body().source();
        while (source.read(bytes, 1 << 16) >= 0) {
            if (bytes.size() > MOST_BYTES) {
                throw new JobException(
                        "The answer has more than "
                                + (MOST_BYTES >> 20)
                                + " MiB; ask for a smaller one, such as mp3 or opus.");
            }
        }
        if (type.contains("application/json")) {
            return json(bytes.readUtf8());
        }
        ObjectNode output = Json.mapper().createObjectNode();
        if (type.contains("audio")) {
            return output.put("status", "success")
                    .put("content_type", type)
                    .put("audio_content", base64(bytes.readByteArray()));
        }
        if (type.contains("text")) {
            return output.put("text", bytes.readUtf8());
        }
        return output.put("status", "success")
                .put("content_type", type)
                .put("data", base64(bytes.readByteArray()));
    }

    /** Tells the answer in parts, and gives them all once more, as the platform keeps them. */
    static ArrayNode parts(Response response, String type, JobHandler.Listener listener)
            throws IOException {
        ArrayNode all = Json.mapper().createArrayNode();
        Consumer<JsonNode> part =
                node -> {
                    listener.part(node);
                    all.add(node);
                };
        if (type.contains("text/event-stream")) {
            events(response.body().source(), part);
        } else if (type.contains("audio")) {
            audio(response.body().source(), type, part);
        } else {
            part.accept(whole(response, type));
        }
        return all;
    }

    private static void events(BufferedSource source, Consumer<JsonNode> part) throws IOException {
        StringBuilder data = new StringBuilder();
        while (!source.exhausted()) {
            String line = source.readUtf8LineStrict(LONGEST_EVENT);
            if (line.startsWith("data:")) {
                data.append(data.isEmpty() ? "" : "\n").append(line.substring(5).strip());
            } else if (line.isEmpty() && !data.isEmpty()) {
                if (!data.toString().equals("[DONE]")) {
                    part.accept(json(data.toString()));
                }
                data.setLength(0);
            }
            if (data.length() > LONGEST_EVENT) {
                throw new JobException("The answer has an event that is too long.");
            }
        }
    }

    private static void audio(BufferedSource source, String type, Consumer<JsonNode> part)
            throws IOException {
        Buffer bytes = new Buffer();
        for (long read = 0; read >= 0; ) {
            read = source.read(bytes, PART_BYTES - bytes.size());
            if (bytes.size() >= PART_BYTES || (read < 0 && bytes.size() > 0)) {
                part.accept(
                        Json.mapper()
                                .createObjectNode()
                                .put("content_type", type)
                                .put("audio_content", base64(bytes.readByteArray())));
            }
        }
    }

    private static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (JacksonException none) {
            return Json.mapper().createObjectNode().put("text", text);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
