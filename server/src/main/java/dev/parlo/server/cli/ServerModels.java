package dev.parlo.server.cli;

import dev.parlo.server.http.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The models of a running server, over its API. Thread-safe. */
final class ServerModels implements ModelSource {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final String EVENT = "data: ";

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private final String url;
    private final Optional<String> key;

    ServerModels(String url, Optional<String> key) {
        this.url = url.replaceAll("/+$", "");
        this.key = key;
    }

    /** Whether a server answers there now. */
    boolean answers() {
        try {
            return send("GET", "/health", null).statusCode() == 200;
        } catch (CommandFailure nobody) {
            return false;
        }
    }

    @Override
    public JsonNode registry(Map<String, String> query) {
        return json("GET", "/v1/registry" + text(query));
    }

    @Override
    public JsonNode installed(Map<String, String> query) {
        return json("GET", "/v1/models" + text(query));
    }

    @Override
    public JsonNode show(String name) {
        return json("GET", "/v1/models/" + path(name));
    }

    @Override
    public String delete(String name) {
        return json("DELETE", "/v1/models/" + path(name)).path("detail").asString();
    }

    /** What is in memory, as {@code GET /api/ps} answers. */
    JsonNode running() {
        return json("GET", "/api/ps");
    }

    /** Loads a model; returns what to say. */
    String load(String name, @Nullable String keepAlive, boolean pin) {
        Map<String, String> query = new HashMap<>();
        if (keepAlive != null) {
            query.put("keep_alive", keepAlive);
        }
        if (pin) {
            query.put("pin", "true");
        }
        return json("POST", "/api/ps/" + path(name) + text(query)).path("message").asString();
    }

    /** Unloads a model; returns what to say. */
    String unload(String name) {
        return json("DELETE", "/api/ps/" + path(name)).path("message").asString();
    }

    @Override
    public String download(String name, Consumer<Progress> progress) {
        HttpResponse<InputStream> response =
                send("POST", "/v1/models/" + path(name), "text/event-stream");
        try (InputStream body = response.body();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            if (!response.headers()
                    .firstValue("Content-Type")
                    .orElse("")
                    .contains("event-stream")) {
                String text = lines.lines().collect(Collectors.joining("\n"));
                if (response.statusCode() >= 400) {
                    throw failure(response.statusCode(), text);
                }
                return text; // a server that tells no progress
            }
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith(EVENT)) {
                    continue;
                }
                JsonNode event = Json.mapper().readTree(line.substring(EVENT.length()));
                if (event.has("error")) {
                    throw new CommandFailure(event.at("/error/message").asString());
                }
                if (event.path("type").asString("").equals("download.done")) {
                    return event.path("detail").asString();
                }
                progress.accept(
                        new Progress(
                                event.path("file").asString(""),
                                event.path("bytes").asLong(0),
                                event.path("total_bytes").asLong(0)));
            }
            throw new CommandFailure("The server ended the connection before the download's end.");
        } catch (IOException broken) {
            throw new CommandFailure("The connection to " + url + " broke: " + broken, broken);
        }
    }

    private JsonNode json(String method, String pathAndQuery) {
        HttpResponse<InputStream> response = send(method, pathAndQuery, null);
        try (InputStream body = response.body()) {
            String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
            if (response.statusCode() >= 400) {
                throw failure(response.statusCode(), text);
            }
            return Json.mapper().readTree(text);
        } catch (IOException | JacksonException broken) {
            throw new CommandFailure(url + " did not answer as a Parlo server does.", broken);
        }
    }

    private HttpResponse<InputStream> send(
            String method, String pathAndQuery, @Nullable String accept) {
        HttpRequest.Builder request;
        try {
            request = HttpRequest.newBuilder(URI.create(url + pathAndQuery));
        } catch (IllegalArgumentException malformed) {
            throw new CommandFailure("'" + url + "' is no web address.", malformed);
        }
        request.method(method, HttpRequest.BodyPublishers.noBody());
        key.ifPresent(value -> request.header("Authorization", "Bearer " + value));
        if (accept != null) {
            request.header("Accept", accept);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException unreachable) {
            throw new CommandFailure(
                    "No server answers at "
                            + url
                            + ". Start one with `parlo serve`, or give --url.",
                    unreachable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("Interrupted.", interrupted);
        }
    }

    private static CommandFailure failure(int status, String body) {
        try {
            JsonNode json = Json.mapper().readTree(body);
            for (String where : new String[] {"/error/message", "/message", "/detail"}) {
                if (json.at(where).isString()) {
                    return new CommandFailure(json.at(where).asString());
                }
            }
        } catch (JacksonException notJson) {
            return new CommandFailure("The server answered " + status + ": " + body, notJson);
        }
        return new CommandFailure("The server answered " + status + ": " + body);
    }

    private static String path(String name) {
        return encode(name).replace("%2F", "/");
    }

    private static String text(Map<String, String> query) {
        return query.isEmpty()
                ? ""
                : query.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + encode(entry.getValue()))
                        .sorted()
                        .collect(Collectors.joining("&", "?", ""));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
