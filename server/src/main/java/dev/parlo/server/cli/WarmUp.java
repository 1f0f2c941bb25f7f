package dev.parlo.server.cli;

import dev.parlo.server.Application;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;

/** Asks a started server what most clients ask, so that the classes for it are loaded once. */
final class WarmUp {
    private WarmUp() {}

    static void run(Application application, Path home) throws InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (String path : new String[] {"/health", "/v1/models", "/v1/models/none"}) {
                HttpRequest request =
                        HttpRequest.newBuilder(URI.create(application.url() + path)).build();
                client.send(request, HttpResponse.BodyHandlers.discarding());
            }
            Optional<Path> sample = Banner.sample(home);
            if (sample.isPresent() && !application.transcriptionModels().isEmpty()) {
                transcribe(client, application, sample.get());
            }
        } catch (IOException e) {
            throw new IllegalStateException("The server under " + home + " did not answer", e);
        }
    }

    private static void transcribe(HttpClient client, Application application, Path sample)
            throws IOException, InterruptedException {
        String boundary = "parlo-warm-up";
        String head =
                "--%1$s\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n%2$s\r\n--%1$s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n"
                        .formatted(boundary, application.transcriptionModels().getFirst());
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(application.url() + "/v1/audio/transcriptions"))
                        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                        .POST(
                                BodyPublishers.concat(
                                        BodyPublishers.ofString(head),
                                        BodyPublishers.ofFile(sample),
                                        BodyPublishers.ofString("\r\n--" + boundary + "--\r\n")))
                        .build();
        client.send(request, HttpResponse.BodyHandlers.discarding());
    }
}
