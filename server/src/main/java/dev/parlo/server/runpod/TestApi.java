package dev.parlo.server.runpod;

import dev.parlo.engine.Cancellation;
import dev.parlo.server.fileurl.FileFetcher;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.HttpServer;
import dev.parlo.server.http.InFlight;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.RequestBody;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * RunPod's endpoint on this machine, for trying jobs without RunPod: as its SDK's test server, a
 * job that was only handed in is done when its status is asked for. Thread-safe.
 */
public final class TestApi implements AutoCloseable {
    /** Jobs that were handed in and not asked for; more push out the oldest. */
    private static final int MOST_JOBS = 100;

    private final JobHandler handler;
    private final Map<String, JsonNode> jobs =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, JsonNode> eldest) {
                    return size() > MOST_JOBS;
                }
            };
    private final HttpServer server;

    private TestApi(String application, FileFetcher fetcher, String host, int port) {
        this.handler = new JobHandler(application, fetcher);
        this.server = HttpServer.start(host, port, new InFlight(), List.of(this::register));
    }

    /**
     * Listens.
     *
     * @param application where this server's own API listens
     * @param port 0 for any free one
     */
    public static TestApi start(String application, FileFetcher fetcher, String host, int port) {
        return new TestApi(application, fetcher, host, port);
    }

    /** The port that it listens on. */
    public int port() {
        return server.port();
    }

    private void register(RoutesConfig routes) {
        routes.post("/run", ctx -> Json.respond(ctx, kept(input(ctx))));
        routes.post("/runsync", ctx -> Json.respond(ctx, done(newId(), input(ctx))));
        routes.get("/health", ctx -> Json.respond(ctx, health()));
        for (String path : List.of("/status/{id}", "/stream/{id}")) {
            boolean parts = path.startsWith("/stream");
            routes.get(path, ctx -> Json.respond(ctx, asked(ctx.pathParam("id"), parts)));
            routes.post(path, ctx -> Json.respond(ctx, asked(ctx.pathParam("id"), parts)));
        }
    }

    private static JsonNode input(Context ctx) {
        JsonNode input =
                Fields.json(RequestBody.bytes(ctx, RequestBody.Kind.WITH_AUDIO))
                        .root()
                        .path("input");
        if (input.isMissingNode()) {
            throw ApiError.of(400, "The body has no 'input'.");
        }
        return input;
    }

    private static String newId() {
        return "test-" + UUID.randomUUID();
    }

    private ObjectNode kept(JsonNode input) {
        String id = newId();
        synchronized (jobs) {
            jobs.put(id, input);
        }
        return Json.mapper().createObjectNode().put("id", id).put("status", "IN_PROGRESS");
    }

    private ObjectNode asked(String id, boolean parts) {
        JsonNode input;
        synchronized (jobs) {
            input = jobs.remove(id);
        }
        if (input == null) {
            return Json.mapper()
                    .createObjectNode()
                    .put("id", id)
                    .put("status", "FAILED")
                    .put("error", "Job ID not found");
        }
        return parts ? streamed(id, input) : done(id, input);
    }

    private ObjectNode done(String id, JsonNode input) {
        ObjectNode answer = Json.mapper().createObjectNode().put("id", id);
        switch (handler.handle(input, JobHandler.Listener.NONE, new Cancellation())) {
            case JobResult.Done(JsonNode output, boolean refresh) ->
                    answer.put("status", "COMPLETED").set("output", output);
            case JobResult.Failed(JsonNode error, boolean refresh) ->
                    answer.put("status", "FAILED").set("error", error);
        }
        return answer;
    }

    private ObjectNode streamed(String id, JsonNode input) {
        ObjectNode answer = done(id, input);
        JsonNode output = answer.path("output");
        if (answer.has("output") && !output.isArray()) {
            return answer.put("status", "FAILED")
                    .put("error", "The job is not streamed; send 'stream': true in its input.")
                    .without("output");
        }
        if (output.isArray()) {
            ArrayNode stream = Json.mapper().createArrayNode();
            output.forEach(part -> stream.addObject().set("output", part));
            answer.remove("output");
            answer.set("stream", stream);
        }
        return answer;
    }

    private static JsonNode health() {
        return Json.mapper()
                .readTree(
                        """
                        {"jobs": {"completed": 0, "failed": 0, "inProgress": 0, "inQueue": 0, "retried": 0},
                         "workers": {"idle": 1, "running": 0}}
                        """);
    }

    @Override
    public void close() {
        server.close();
        handler.close();
    }
}
