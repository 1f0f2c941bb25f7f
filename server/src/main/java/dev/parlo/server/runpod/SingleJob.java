package dev.parlo.server.runpod;

import dev.parlo.engine.Cancellation;
import dev.parlo.server.fileurl.FileFetcher;
import dev.parlo.server.http.Json;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One job from a file or the command line, for trying it.
 *
 * @param result as the platform would be told it
 * @param failed whether it is an error
 */
public record SingleJob(String result, boolean failed) {
    private static final String LOCAL_ID = "local_test";

    /**
     * Does it; blocks until it is done.
     *
     * @param job JSON with {@code input}
     * @param server where this server listens
     */
    public static SingleJob of(String job, String server, FileFetcher fetcher) {
        Optional<Job> read;
        try {
            JsonNode given = Json.mapper().readTree(job);
            if (given instanceof ObjectNode object && object.path("id").isMissingNode()) {
                object.put("id", LOCAL_ID);
            }
            read = Job.of(given);
        } catch (JacksonException broken) {
            read = Optional.empty();
        }
        if (read.isEmpty()) {
            return new SingleJob(
                    "{\"error\":\"The job is not JSON with an 'input', such as {\\\"input\\\":"
                            + " {\\\"path\\\": \\\"/health\\\"}}.\"}",
                    true);
        }
        try (JobHandler handler = new JobHandler(server, fetcher)) {
            ObjectNode told = Json.mapper().createObjectNode();
            return switch (handler.handle(
                    read.get().input(), JobHandler.Listener.NONE, new Cancellation())) {
                case JobResult.Done(JsonNode output, boolean refresh) ->
                        new SingleJob(Json.text(told.set("output", output)), false);
                case JobResult.Failed(JsonNode error, boolean refresh) ->
                        new SingleJob(Json.text(told.set("error", error)), true);
            };
        }
    }
}
