package dev.parlo.server;

import static dev.parlo.server.RunningServer.REMOTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.http.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The commands of Speaches' own command line client, byte for byte as its HTTP library (httpx)
 * sends them: ids go into the path as they are, redirects are not followed, an answer is printed as
 * JSON only if its content type is {@code application/json} and nothing more, else as text.
 */
class SpeachesCliTest {
    private static final int REFUSED = 400;

    @TempDir Path folder;

    private record Answer(int status, Map<String, String> headers, byte[] body) {
        /** What the client prints; fails where it would print something else than meant. */
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        JsonNode json() {
            assertThat(headers).containsEntry("content-type", "application/json");
            return Json.mapper().readTree(body);
        }
    }

    @Test
    void everyCommandGetsWhatItPrints() throws Exception {
        try (RunningServer server = new RunningServer(folder)) {
            // registry ls; registry ls --task automatic-speech-recognition
            Answer registry = call(server, "GET", "/v1/registry");
            assertThat(registry.json().at("/data/0/id").asString()).isEqualTo(REMOTE);
            assertThat(registry.json().path("object").asString()).isEqualTo("list");
            String task = "?task=automatic-speech-recognition";
            assertThat(call(server, "GET", "/v1/registry" + task).json())
                    .isEqualTo(registry.json());
            assertThat(call(server, "GET", "/v1/registry?task=text-to-speech").json().path("data"))
                    .isEmpty();

            // model ls
            JsonNode model = call(server, "GET", "/v1/models" + task).json().at("/data/0");
            assertThat(model.propertyNames())
                    .startsWith("id", "created", "object", "owned_by", "language", "task");
            assertThat(model.path("created").isIntegralNumber()).isTrue();
            assertThat(model.path("object").asString()).isEqualTo("model");
            assertThat(model.path("owned_by").asString()).isEqualTo("parlo");
            assertThat(model.path("language").isArray()).isTrue();

            // model download, twice, and of what is nowhere
            Answer downloaded = call(server, "POST", "/v1/models/" + REMOTE);
            assertThat(downloaded.status()).isEqualTo(200);
            assertThat(downloaded.text()).isEqualTo("Model 'Acme/tiny' downloaded");
            Answer again = call(server, "POST", "/v1/models/" + REMOTE);
            assertThat(again.status()).isEqualTo(201);
            assertThat(again.text()).isEqualTo("Model 'Acme/tiny' already exists");
            assertRefused(call(server, "POST", "/v1/models/Acme/none"), 404, "Acme/none");

            // model rm, twice
            Answer removed = call(server, "DELETE", "/v1/models/" + REMOTE);
            assertThat(removed.status()).isEqualTo(200);
            assertThat(removed.json().path("detail").asString())
                    .isEqualTo("Model 'Acme/tiny' deleted");
            assertRefused(
                    call(server, "DELETE", "/v1/models/" + REMOTE),
                    404,
                    "Model repo not found: Acme/tiny");
        }
    }

    @Test
    void aWrongTaskIsRefusedAsFastApiDoes() throws Exception {
        try (RunningServer server = new RunningServer(folder)) {
            Answer answer = call(server, "GET", "/v1/models?task=singing");
            assertThat(answer.status()).isEqualTo(422);
            JsonNode field = answer.json().at("/detail/0");
            assertThat(field.path("loc").values())
                    .extracting(JsonNode::asString)
                    .containsExactly("query", "task");
            assertThat(field.path("input").asString()).isEqualTo("singing");
        }
    }

    private static void assertRefused(Answer answer, int status, String detail) {
        assertThat(answer.status()).isEqualTo(status).isGreaterThanOrEqualTo(REFUSED);
        assertThat(answer.json().path("detail").asString()).contains(detail);
    }

    private static Answer call(RunningServer server, String method, String target)
            throws IOException {
        URI url = URI.create(server.application.url());
        String request =
                method
                        + " "
                        + target
                        + " HTTP/1.1\r\nHost: "
                        + url.getAuthority()
                        + "\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate\r\n"
                        + "Connection: keep-alive\r\nUser-Agent: python-httpx/0.28.1\r\n"
                        + (method.equals("POST") ? "Content-Length: 0\r\n" : "")
                        + "\r\n";
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return read(socket.getInputStream());
        }
    }

    private static Answer read(InputStream in) throws IOException {
        int status = Integer.parseInt(line(in).split(" ", -1)[1]);
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String[] pair = line.split(": ?", 2);
            headers.put(pair[0].toLowerCase(Locale.ROOT), pair[1]);
        }
        byte[] body =
                headers.containsKey("transfer-encoding")
                        ? chunks(in)
                        : in.readNBytes(
                                Integer.parseInt(headers.getOrDefault("content-length", "0")));
        if ("gzip".equals(headers.get("content-encoding"))) {
            body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
        }
        return new Answer(status, headers, body);
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(in), 16);
                size > 0;
                size = Integer.parseInt(line(in), 16)) {
            body.write(in.readNBytes(size));
            line(in);
        }
        return body.toByteArray();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }
}
