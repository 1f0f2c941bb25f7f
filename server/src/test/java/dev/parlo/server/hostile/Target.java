package dev.parlo.server.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;

/** The attacked server. Answers are read to a limit, so that no attacker drowns. Thread-safe. */
final class Target implements AutoCloseable {
    private static final int READ = 1 << 20;

    private final int port;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();

    /**
     * @param port on this machine
     */
    Target(int port) {
        this.port = port;
    }

    int port() {
        return port;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    HttpClient client() {
        return client;
    }

    /** The status of {@code GET /health}; 0 where nothing answers. */
    int health() {
        try {
            return client.send(
                            HttpRequest.newBuilder(uri("/health"))
                                    .timeout(Duration.ofSeconds(20))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException gone) {
            return 0;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    /** Sends JSON; answers the status. Of a long body the beginning is read. */
    String post(String path, Object body) throws IOException, InterruptedException {
        return send(path, "application/json", JsonMapper.shared().writeValueAsBytes(body)).status();
    }

    /** An answer and the beginning of its body. */
    record Answer(int code, byte[] body) {
        String status() {
            return String.valueOf(code);
        }
    }

    Answer send(String path, String type, byte[] body) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", type)
                        .timeout(Duration.ofSeconds(60))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
        HttpResponse<InputStream> response =
                client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
            return new Answer(response.statusCode(), in.readNBytes(READ));
        }
    }

    /** A form with one file and fields. */
    Answer form(String path, byte[] file, String... fields)
            throws IOException, InterruptedException {
        String boundary = "parlo-hostile-boundary";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            out.writeBytes(
                    ("--"
                                    + boundary
                                    + "\r\nContent-Disposition: form-data; name=\""
                                    + fields[i]
                                    + "\"\r\n\r\n"
                                    + fields[i + 1]
                                    + "\r\n")
                            .getBytes(StandardCharsets.UTF_8));
        }
        out.writeBytes(
                ("--"
                                + boundary
                                + "\r\nContent-Disposition: form-data; name=\"file\";"
                                + " filename=\"a.bin\"\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
        out.writeBytes(file);
        out.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return send(path, "multipart/form-data; boundary=" + boundary, out.toByteArray());
    }

    /** A connection for bytes that no client library sends. */
    Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(5_000);
        return socket;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
