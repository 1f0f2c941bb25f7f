package dev.parlo.server.cli;

import dev.parlo.server.Application;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;

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
        } catch (IOException e) {
            throw new IllegalStateException("The server under " + home + " did not answer", e);
        }
    }
}
