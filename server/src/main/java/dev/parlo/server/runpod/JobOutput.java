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

    /** Of parts that are given once more as the result, with room in the platform's 10 MB. */
    private static final long MOST_KEPT = 9_000_000;

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

    /**
     * Tells the answer in parts, and gives them all once more where the platform can keep them: an
     * empty list is what it expects of a worker that has only told parts.
     *
     * @throws JobException where they are too many to be given once more and one was not taken
     */
    static ArrayNode parts(Response response, String type, JobHandler.Listener listener)
            throws IOException {
        Parts parts = new Parts(listener);
        if (type.contains("text/event-stream")) {
            events(response.body().source(), parts);
        } else if (type.contains("audio")) {
            audio(response.body().source(), type, parts);
        } else {
            parts.accept(whole(response, type));
        }
        return parts.kept;
    }

    /** Parts on their way, kept while they are few. */
    private static final class Parts implements Consumer<JsonNode> {
        private final JobHandler.Listener listener;
        private final ArrayNode kept = Json.mapper().createArrayNode();
        private boolean allTaken = true;
        private long bytes;

        Parts(JobHandler.Listener listener) {
            this.listener = listener;
        }

        @Override
        public void accept(JsonNode part) {
            allTaken &= listener.part(part);
            bytes += Json.mapper().writeValueAsBytes(part).length + 1;
            if (bytes <= MOST_KEPT) {
                kept.add(part);
                return;
            }
            kept.removeAll();
            if (!allTaken) {
                // Neither by its parts nor by the result would the client have all of it.
                throw new JobException(
                        "The parts of the answer have more than "
                                + MOST_KEPT / 1_000_000
                                + " MB, and not all of them could be delivered.");
            }
        }
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
