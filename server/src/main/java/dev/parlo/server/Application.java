package dev.parlo.server;

import dev.parlo.server.health.HealthRoutes;
import dev.parlo.server.http.HttpServer;
import dev.parlo.server.http.UploadLimits;
import dev.parlo.server.models.LocalModels;
import dev.parlo.server.models.ModelRoutes;
import dev.parlo.server.models.SpeechToTextLoader;
import dev.parlo.server.transcription.AudioOpener;
import dev.parlo.server.transcription.TranscriptionRoutes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The whole server: builds every part by its constructor, starts in order and stops in reverse. Not
 * thread-safe, apart from {@link #close}.
 */
public final class Application implements AutoCloseable {
    private final LocalModels models;
    private final ScheduledExecutorService timer;
    private final HttpServer http;
    private final String host;

    private Application(
            LocalModels models, ScheduledExecutorService timer, HttpServer http, String host) {
        this.models = models;
        this.timer = timer;
        this.http = http;
        this.host = host;
    }

    /**
     * Builds everything and listens.
     *
     * @param home the folder of the program, where {@code models/} lies
     */
    public static Application start(
            Settings settings, Path home, SpeechToTextLoader loader, AudioOpener audio) {
        List<Path> roots = new ArrayList<>();
        settings.files().models().ifPresent(roots::add);
        roots.add(home.resolve("models"));
        LocalModels models = new LocalModels(roots, settings.files().aliases(), loader);
        ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("timer").daemon().factory());
        UploadLimits limits =
                new UploadLimits(settings.files().temporary(), settings.limits().uploadBytes());
        HttpServer http =
                HttpServer.start(
                        settings.listen().host(),
                        settings.listen().port(),
                        settings.listen().shutdownTimeout(),
                        List.of(
                                new HealthRoutes(() -> true)::register,
                                new TranscriptionRoutes(models, audio, limits, timer)::register,
                                new ModelRoutes(models)::register));
        return new Application(models, timer, http, settings.listen().host());
    }

    /** Where it can be reached from this machine. */
    public String url() {
        boolean any = host.equals("0.0.0.0") || host.equals("::");
        String name = any ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
        return "http://" + name + ":" + http.port();
    }

    public LocalModels models() {
        return models;
    }

    /** Lets running requests finish, then frees everything. Harmless when repeated. */
    @Override
    public void close() {
        http.close();
        timer.shutdownNow();
        models.close();
    }
}
