package dev.parlo.server;

import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.InstalledModel.Origin;
import dev.parlo.registry.ModelFamily;
import dev.parlo.server.docs.DocsRoutes;
import dev.parlo.server.health.HealthRoutes;
import dev.parlo.server.http.ApiKeyCheck;
import dev.parlo.server.http.CrossOrigin;
import dev.parlo.server.http.HttpServer;
import dev.parlo.server.http.UploadFolder;
import dev.parlo.server.http.UploadLimits;
import dev.parlo.server.models.EngineFactory;
import dev.parlo.server.models.LoadedModel;
import dev.parlo.server.models.PooledSpeechToText;
import dev.parlo.server.models.Preloader;
import dev.parlo.server.models.SpeechToTextLoader;
import dev.parlo.server.speech.SpeechPart;
import dev.parlo.server.transcription.AudioOpener;
import dev.parlo.server.transcription.TranscriptionRoutes;
import io.javalin.config.RoutesConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * The whole server: builds every part by its constructor, starts in order and stops in reverse. Not
 * thread-safe, apart from {@link #close}.
 */
public final class Application implements AutoCloseable {
    private final ModelPart models;
    private final SpeechPart speech;
    private final ScheduledExecutorService timer;
    private final UploadFolder uploads;
    private final HttpServer http;
    private final String host;

    private Application(
            ModelPart models,
            SpeechPart speech,
            ScheduledExecutorService timer,
            UploadFolder uploads,
            HttpServer http,
            String host) {
        this.models = models;
        this.speech = speech;
        this.timer = timer;
        this.uploads = uploads;
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
        SpeechPart speech = new SpeechPart(settings);
        Map<ModelFamily, EngineFactory> factories = new EnumMap<>(ModelFamily.class);
        factories.putAll(speechToText(loader));
        factories.putAll(speech.factories());
        ModelPart models = ModelPart.of(settings, home, factories, speech.partOfServer());
        ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("timer").daemon().factory());
        UploadFolder uploads = UploadFolder.open(settings.files().temporary());
        UploadLimits limits = new UploadLimits(uploads.path(), settings.limits().uploadBytes());
        Settings.Access access = settings.access();
        List<Consumer<RoutesConfig>> routes = new ArrayList<>();
        routes.add(new CrossOrigin(access.allowOrigins())::register);
        ApiKeyCheck keys = new ApiKeyCheck(access.apiKeys(), access.openAiStrict());
        routes.add(keys::register);
        routes.add(
                new HealthRoutes(
                                models.preloader()::isDone,
                                () -> models.preloader().missing().keySet())
                        ::register);
        routes.add(
                new TranscriptionRoutes(
                                new PooledSpeechToText(models.engines()), audio, limits, timer)
                        ::register);
        routes.addAll(speech.routes(models.library(), models.engines(), timer));
        routes.addAll(
                DoorPart.routes(
                        speech.doors(models.library(), models.engines()),
                        models.library(),
                        keys,
                        settings.limits().sockets(),
                        timer));
        routes.addAll(models.routes(timer));
        routes.add(new DocsRoutes()::register);
        HttpServer http =
                HttpServer.start(
                        settings.listen().host(),
                        settings.listen().port(),
                        settings.listen().shutdownTimeout(),
                        routes);
        Application application =
                new Application(models, speech, timer, uploads, http, settings.listen().host());
        Thread.ofVirtual().name("leftovers").start(models::removeLeftovers);
        application.preload(settings.models().preloadStrict());
        return application;
    }

    /** The families of Whisper, by one loader. */
    private static Map<ModelFamily, EngineFactory> speechToText(SpeechToTextLoader loader) {
        EngineFactory factory =
                (model, cancellation) ->
                        LoadedModel.of(
                                loader.load(
                                        model.checkpoint().orElse(model.directory()),
                                        cancellation));
        return Map.of(
                ModelFamily.WHISPER_CT2, factory,
                ModelFamily.WHISPER_GGML, factory);
    }

    /** In the background, unless a failure is to end the start. */
    private void preload(boolean strict) {
        Preloader preloader = models.preloader();
        if (!strict) {
            Thread.ofPlatform().daemon().name("preload").start(preloader::run);
            return;
        }
        preloader.run();
        if (!preloader.failures().isEmpty()) {
            close();
            throw new SettingsException(
                    preloader.failures().values().stream()
                            .map(why -> "PRELOAD_MODELS: " + why)
                            .toList());
        }
    }

    /** Where it can be reached from this machine. */
    public String url() {
        boolean any = host.equals("0.0.0.0") || host.equals("::");
        String name = any ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
        return "http://" + name + ":" + http.port();
    }

    /** What is installed, the models that came with the program first. */
    public List<InstalledModel> installedModels() {
        return models.library().installed().stream()
                .sorted(Comparator.comparing(model -> model.origin() != Origin.BUILT_IN))
                .toList();
    }

    /** As {@link HttpServer#routes}. */
    List<String> routes() {
        return http.routes();
    }

    public ModelPart models() {
        return models;
    }

    public SpeechPart speech() {
        return speech;
    }

    /** Lets running requests finish, then frees everything. Harmless when repeated. */
    @Override
    public void close() {
        http.close();
        timer.shutdownNow();
        models.close();
        speech.close();
        uploads.close();
    }
}
