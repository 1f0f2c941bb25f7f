package dev.parlo.benchmarks.file;

import java.io.FileNotFoundException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Sends a file to a server's transcription route without holding it in memory.
 *
 * @param server its address
 * @param fields of the form, as {@code name=value}
 */
record Upload(URI server, Path file, List<String> fields) {
    private static final String BOUNDARY = "long-recording";

    /** The answer line by line, as it comes. */
    Stream<String> lines() throws Exception {
        HttpResponse<Stream<String>> response =
                client().send(request(), HttpResponse.BodyHandlers.ofLines());
        if (response.statusCode() != 200) {
            throw new IllegalStateException(
                    response.statusCode() + " " + String.join("\n", response.body().toList()));
        }
        return response.body();
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private HttpRequest request() throws FileNotFoundException {
        StringBuilder head = new StringBuilder();
        for (String field : fields) {
            int equals = field.indexOf('=');
            head.append("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"")
                    .append(field, 0, equals)
                    .append("\"\r\n\r\n")
                    .append(field.substring(equals + 1))
                    .append("\r\n");
        }
        head.append("--" + BOUNDARY)
                .append("\r\nContent-Disposition: form-data; name=\"file\"; filename=\"")
                .append(file.getFileName())
                .append("\"\r\n\r\n");
        return HttpRequest.newBuilder(server.resolve("/v1/audio/transcriptions"))
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(
                        HttpRequest.BodyPublishers.concat(
                                bytes(head.toString()),
                                HttpRequest.BodyPublishers.ofFile(file),
                                bytes("\r\n--" + BOUNDARY + "--\r\n")))
                .build();
    }

    private static HttpRequest.BodyPublisher bytes(String text) {
        return HttpRequest.BodyPublishers.ofString(text, StandardCharsets.UTF_8);
    }
}
