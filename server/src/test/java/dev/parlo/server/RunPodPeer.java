package dev.parlo.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parlo.server.http.Json;
import dev.parlo.server.runpod.WorkerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** RunPod's side of a worker's protocol: gives jobs as it is told to, and remembers what comes. */
final class RunPodPeer implements AutoCloseable {
    static final int DROP = -1;

    /** What the next question for a job is answered with; a long poll while there is nothing. */
    final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();

    /** Statuses with which the next results are answered; 200 while there are none. */
    final BlockingQueue<Integer> verdicts = new LinkedBlockingQueue<>();

    /** Jobs that are to be stopped. */
    final BlockingQueue<String> stops = new LinkedBlockingQueue<>();

    final List<Told> told = new CopyOnWriteArrayList<>();
    final List<String> takes = new CopyOnWriteArrayList<>();
    final List<String> pings = new CopyOnWriteArrayList<>();
    final List<String> headers = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    record Reply(int status, String body) {}

    /** A result, or a part of one. */
    record Told(String path, String query, String job, String requestId, JsonNode body) {
        boolean done() {
            return path.equals("job-done");
        }
    }

    RunPodPeer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v2/ep/", this::answer);
        server.start();
    }

    WorkerSettings settings(int concurrency) {
        return WorkerSettings.of(environment(concurrency));
    }

    Map<String, String> environment(int concurrency) {
        String base = "http://127.0.0.1:" + server.getAddress().getPort() + "/v2/ep/";
        Map<String, String> environment = new HashMap<>();
        environment.put("RUNPOD_POD_ID", "pod1");
        environment.put("RUNPOD_AI_API_KEY", "platform-key");
        environment.put("RUNPOD_WEBHOOK_GET_JOB", base + "job-take/$RUNPOD_POD_ID?gpu=NVIDIA+X");
        environment.put("RUNPOD_WEBHOOK_POST_OUTPUT", base + "job-done/$RUNPOD_POD_ID/$ID?gpu=X");
        environment.put("RUNPOD_WEBHOOK_POST_STREAM", base + "job-stream/$RUNPOD_POD_ID/$ID?gpu=X");
        environment.put("RUNPOD_WEBHOOK_PING", base + "ping/$RUNPOD_POD_ID?gpu=X");
        environment.put("RUNPOD_PING_INTERVAL", "50");
        environment.put("RUNPOD_CONCURRENCY", String.valueOf(concurrency));
        return environment;
    }

    void give(String id, String input) {
        replies.add(new Reply(200, "{\"id\": \"" + id + "\", \"input\": " + input + "}"));
    }

    /** Results of a job. */
    List<Told> results(String job) {
        return told.stream()
                .filter(Told::done)
                .filter(one -> one.job().equals(job))
                .filter(one -> !one.body().path("status").asString("").equals("IN_PROGRESS"))
                .toList();
    }

    List<Told> parts(String job) {
        return told.stream().filter(one -> !one.done() && one.job().equals(job)).toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/", -1);
        String query = exchange.getRequestURI().getRawQuery();
        headers.add(exchange.getRequestHeaders().getFirst("Authorization"));
        try {
            switch (path[3]) {
                case "job-take" -> take(exchange, query);
                case "job-stop" -> stop(exchange);
                case "ping" -> {
                    pings.add(query);
                    send(exchange, 200, "");
                }
                default -> tell(exchange, path, query);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }

    private void take(HttpExchange exchange, String query)
            throws IOException, InterruptedException {
        takes.add(query);
        Reply reply = replies.poll(300, TimeUnit.MILLISECONDS);
        if (reply == null) {
            send(exchange, 204, "");
        } else if (reply.status() != DROP) {
            send(exchange, reply.status(), reply.body());
        }
    }

    private void stop(HttpExchange exchange) throws IOException, InterruptedException {
        String id = stops.poll(300, TimeUnit.MILLISECONDS);
        if (id == null) {
            send(exchange, 204, "");
        } else {
            send(exchange, 200, "{\"jobsToStop\": [\"" + id + "\"]}");
        }
    }

    private void tell(HttpExchange exchange, String[] path, String query) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Integer verdict = path[3].equals("job-done") ? verdicts.poll() : null;
        if (verdict == null || verdict == 200) {
            told.add(
                    new Told(
                            path[3],
                            query,
                            path[5],
                            exchange.getRequestHeaders().getFirst("X-Request-ID"),
                            Json.mapper().readTree(body)));
            send(exchange, 200, "");
        } else if (verdict != DROP) {
            send(exchange, verdict, "");
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
