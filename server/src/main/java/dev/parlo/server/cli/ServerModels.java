package dev.parlo.server.cli;

import dev.parlo.server.http.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The models of a running server, over its API. Thread-safe. */
final class ServerModels implements ModelSource {
    /** Characters of an answer that no Parlo gives. */
    private static final int MOST_SHOWN = 300;

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final String EVENT = "data: ";

    private final OkHttpClient client =
            new OkHttpClient.Builder()
                    .connectTimeout(CONNECT)
                    .readTimeout(Duration.ZERO) // loading and downloading take what they take
                    .followRedirects(false)
                    .build();
    private final String url;
    private final Optional<String> key;

    ServerModels(String url, Optional<String> key) {
        // clients of OpenAI's API are given its address with this path
        this.url = url.strip().replaceAll("/+$", "").replaceFirst("/v1$", "");
        this.key = key;
    }

    /** Whether a server answers there now. */
    boolean answers() {
        try (Response response = send("GET", "/health", null)) {
            return response.code() == 200;
        } catch (CommandFailure nobody) {
            return false;
        }
    }

    @Override
    public JsonNode registry(Map<String, String> query) {
        return json("GET", "/v1/registry" + text(query));
    }

    @Override
    public JsonNode suggestions(Map<String, String> query) {
        return json("GET", "/v1/registry/suggestions" + text(query));
    }

    @Override
    public JsonNode offer(String name) {
        return json("GET", "/v1/registry/" + path(name));
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
        try (Response response = send("POST", "/v1/models/" + path(name), "text/event-stream");
                InputStream body = response.body().byteStream();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            if (!String.valueOf(response.header("Content-Type")).contains("event-stream")) {
                String text = lines.lines().collect(Collectors.joining("\n"));
                if (response.code() >= 400) {
                    throw failure(response.code(), text);
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
        try (Response response = send(method, pathAndQuery, null)) {
            String text = response.body().string();
            if (response.code() >= 400) {
                throw failure(response.code(), text);
            }
            return Json.mapper().readTree(text);
        } catch (IOException | JacksonException broken) {
            throw new CommandFailure(url + " did not answer as a Parlo server does.", broken);
        }
    }

    private Response send(String method, String pathAndQuery, @Nullable String accept) {
        @Nullable HttpUrl address = HttpUrl.parse(url + pathAndQuery);
        if (address == null) {
            throw new CommandFailure(
                    "'"
                            + url
                            + "' is not an http or https address of a server, such as"
                            + " http://localhost:8000.");
        }
        boolean post = method.equals("POST");
        Request.Builder request =
                new Request.Builder()
                        .url(address)
                        .method(method, post ? RequestBody.create(new byte[0]) : null);
        key.ifPresent(value -> request.header("Authorization", "Bearer " + value));
        if (accept != null) {
            request.header("Accept", accept);
        }
        try {
            return client.newCall(request.build()).execute();
        } catch (InterruptedIOException interrupted) {
            throw new CommandFailure("No answer from " + url + ": " + interrupted, interrupted);
        } catch (IOException unreachable) {
            throw new CommandFailure(
                    "No server answers at "
                            + url
                            + ". Start one with `parlo serve`, or give --url.",
                    unreachable);
        }
    }

    private static String advice(int status) {
        return status == 401 || status == 403
                ? " Give the server's key with --api-key, or in SPEACHES_API_KEY."
                : "";
    }

    private static CommandFailure failure(int status, String body) {
        try {
            JsonNode json = Json.mapper().readTree(body);
            String fields = CommandErrors.sentence(json);
            if (fields != null) {
                return CommandFailure.wrongValue(fields);
            }
            for (String where : new String[] {"/error/message", "/message", "/detail"}) {
                if (json.at(where).isString()) {
                    return new CommandFailure(json.at(where).asString() + advice(status));
                }
            }
        } catch (JacksonException notJson) {
            return unlikeOurs(status, body);
        }
        return unlikeOurs(status, body);
    }

    /** Mostly a web page of another program's server. */
    private static CommandFailure unlikeOurs(int status, String body) {
        String start = CommandOutput.shown(body.substring(0, Math.min(MOST_SHOWN, body.length())));
        return new CommandFailure(
                "The server answered "
                        + status
                        + (start.isBlank()
                                ? ""
                                : ": " + start + (body.length() > MOST_SHOWN ? "…" : ""))
                        + ". Is the address that of a Parlo server?");
    }

    private static String path(String name) {
        // an address with such a segment would mean another route
        if (Stream.of(name.split("/", -1))
                .anyMatch(part -> part.equals(".") || part.equals(".."))) {
            throw new CommandFailure("'" + name + "' is not a model's name.");
        }
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
        client.connectionPool().evictAll();
    }
}
