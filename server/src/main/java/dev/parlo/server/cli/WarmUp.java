package dev.parlo.server.cli;

import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelTask;
import dev.parlo.server.Application;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Asks a started server what most clients ask, so that the classes for it are loaded once. */
final class WarmUp {
    private WarmUp() {}

    static void run(Application application, Path home) throws InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (String path : new String[] {"/health", "/v1/models", "/v1/models/none"}) {
                HttpRequest request =
                        HttpRequest.newBuilder(URI.create(application.url() + path)).build();
                send(client, request);
            }
            Optional<Path> sample = Banner.sample(home);
            for (InstalledModel model : application.installedModels()) {
                // Others may be large; to load one would take minutes of somebody's first start.
                if (model.origin() != InstalledModel.Origin.BUILT_IN) {
                    continue;
                }
                if (model.task() == ModelTask.TEXT_TO_SPEECH) {
                    send(client, speech(application, model));
                } else if (model.task() == ModelTask.AUTOMATIC_SPEECH_RECOGNITION
                        && sample.isPresent()) {
                    send(client, transcription(application, model, sample.get()));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("The server under " + home + " did not answer", e);
        }
    }

    private static HttpRequest transcription(
            Application application, InstalledModel model, Path sample) throws IOException {
        String boundary = "parlo-warm-up";
        String head =
                String.format(
                        Locale.ROOT,
                        "--%1$s\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n%2$s\r\n--%1$s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n",
                        boundary,
                        model.id());
        return HttpRequest.newBuilder(URI.create(application.url() + "/v1/audio/transcriptions"))
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(
                        BodyPublishers.concat(
                                BodyPublishers.ofString(head),
                                BodyPublishers.ofFile(sample),
                                BodyPublishers.ofString("\r\n--" + boundary + "--\r\n")))
                .build();
    }

    private static HttpRequest speech(Application application, InstalledModel model) {
        return HttpRequest.newBuilder(URI.create(application.url() + "/v1/audio/speech"))
                .header("Content-Type", "application/json")
                .POST(
                        BodyPublishers.ofString(
                                String.format(
                                        Locale.ROOT,
                                        "{\"model\": \"%s\", \"input\": \"Hello.\"}",
                                        model.id())))
                .build();
    }

    private static void send(HttpClient client, HttpRequest request)
            throws IOException, InterruptedException {
        client.send(request, HttpResponse.BodyHandlers.discarding());
    }
}
