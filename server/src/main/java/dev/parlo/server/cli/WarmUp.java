package dev.parlo.server.cli;

import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelTask;
import dev.parlo.server.Application;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Asks the program for the usual things, so that their classes are in the start-up cache. */
final class WarmUp {
    private WarmUp() {}

    static void run(Application application, Path home) {
        OkHttpClient client = new OkHttpClient.Builder().readTimeout(Duration.ZERO).build();
        try {
            for (String path : new String[] {"/health", "/v1/models", "/v1/models/none"}) {
                send(client, new Request.Builder().url(application.url() + path).build());
            }
            Optional<Path> sample = Banner.sample(home);
            for (InstalledModel model : application.installedModels()) {
                // other models may be large: loading one would make the first start take minutes
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
        } finally {
            client.connectionPool().evictAll();
        }
    }

    /**
     * Transcribes a recording by the command, as far as that uses other classes than the server.
     */
    static void transcribe(Map<String, String> environment, Wiring wiring, Path home) {
        Banner.sample(home)
                .ifPresent(sample -> {
                    int unused =
                            ParloCommand.commandLine(environment, wiring)
                                    .setOut(new PrintWriter(Writer.nullWriter()))
                                    .execute("transcribe", sample.toString());
                });
    }

    private static Request transcription(
            Application application, InstalledModel model, Path sample) {
        return new Request.Builder()
                .url(application.url() + "/v1/audio/transcriptions")
                .post(
                        new MultipartBody.Builder()
                                .setType(MultipartBody.FORM)
                                .addFormDataPart("model", model.id().toString())
                                .addFormDataPart(
                                        "file", "a", RequestBody.create(sample.toFile(), null))
                                .build())
                .build();
    }

    private static Request speech(Application application, InstalledModel model) {
        return new Request.Builder()
                .url(application.url() + "/v1/audio/speech")
                .post(
                        RequestBody.create(
                                String.format(
                                        Locale.ROOT,
                                        "{\"model\": \"%s\", \"input\": \"Hello.\"}",
                                        model.id()),
                                MediaType.get("application/json")))
                .build();
    }

    private static void send(OkHttpClient client, Request request) throws IOException {
        try (Response response = client.newCall(request).execute()) {
            response.body().bytes();
        }
    }
}
