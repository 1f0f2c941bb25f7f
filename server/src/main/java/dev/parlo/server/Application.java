package dev.parlo.server;

import dev.parlo.engine.audio.AudioNatives;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.InstalledModel.Origin;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.PartOfServer;
import dev.parlo.server.audio.AudioOpener;
import dev.parlo.server.device.Devices;
import dev.parlo.server.docs.DocsRoutes;
import dev.parlo.server.fileurl.FileFetcher;
import dev.parlo.server.health.HealthRoutes;
import dev.parlo.server.http.HttpLimits;
import dev.parlo.server.http.HttpServer;
import dev.parlo.server.http.InFlight;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.http.UploadFolder;
import dev.parlo.server.http.UploadLimits;
import dev.parlo.server.models.EngineFactory;
import dev.parlo.server.models.Preloader;
import dev.parlo.server.page.PageRoutes;
import dev.parlo.server.socket.Sockets;
import dev.parlo.server.speaker.SpeakerModels;
import dev.parlo.server.speaker.SpeakerPart;
import dev.parlo.server.speech.SpeechAnswers;
import dev.parlo.server.speech.SpeechPart;
import dev.parlo.server.speech.SpeechPipeline;
import dev.parlo.server.transcription.ComputeChoice;
import dev.parlo.server.transcription.SpeechToTextLoader;
import dev.parlo.server.transcription.TranscriptionPart;
import dev.parlo.server.transcription.UnnamedModel;
import dev.parlo.server.vad.VoiceActivityModels;
import dev.parlo.server.vad.VoiceActivityPart;
import dev.parlo.server.watchdog.Watchdog;
import dev.parlo.server.wyoming.WyomingServer;
import io.javalin.config.RoutesConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import okhttp3.Dns;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole server: builds every part by its constructor, starts in order and stops in reverse. Not
 * thread-safe, apart from {@link #close}.
 */
public final class Application implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Application.class);

    /** After SHUTDOWN_TIMEOUT: for final events, and for engines that are within one step. */
    private static final Duration LAST_STEPS = Duration.ofSeconds(10);

    /** Seconds between two looks at the heap. */
    private static final int HEAP_LOOK = 15;

    private final Lifecycle parts;
    private final ModelPart models;
    private final SpeechPart speech;
    private final HttpServer http;
    private final Optional<WyomingServer> wyoming;
    private final ObservabilityPart observability;
    private final HealthRoutes health;
    private final UploadLimits uploads;
    private final Settings.Listen listen;
    private final AtomicBoolean closing = new AtomicBoolean();
    private boolean computing;

    private Application(
            Lifecycle parts,
            ModelPart models,
            SpeechPart speech,
            HttpServer http,
            Optional<WyomingServer> wyoming,
            ObservabilityPart observability,
            HealthRoutes health,
            UploadLimits uploads,
            Settings.Listen listen) {
        this.parts = parts;
        this.models = models;
        this.speech = speech;
        this.http = http;
        this.wyoming = wyoming;
        this.observability = observability;
        this.health = health;
        this.uploads = uploads;
        this.listen = listen;
    }

    /**
     * Builds everything and listens. What was opened is closed again where a later part fails.
     *
     * @param home the folder of the program, where {@code models/} lies
     * @param devices what models are computed on
     */
    public static Application start(
            Settings settings,
            Path home,
            Devices devices,
            SpeechToTextLoader loader,
            AudioOpener audio) {
        Lifecycle parts = new Lifecycle();
        try {
            Application application = build(settings, home, devices, loader, audio, parts);
            Thread.ofVirtual().name("leftovers").start(application.models::removeLeftovers);
            application.preload(settings.models().preloadStrict());
            Thread.ofPlatform().daemon().name("warm-up").start(application::warm);
            return application;
        } catch (RuntimeException | Error failure) {
            parts.close();
            throw failure;
        }
    }

    private static Application build(
            Settings settings,
            Path home,
            Devices devices,
            SpeechToTextLoader loader,
            AudioOpener audio,
            Lifecycle parts) {
        // First what needs no model and what people get wrong.
        ModelsFolder.check(settings.files());
        ListenAddress.check(settings.listen());
        UploadFolder uploads = parts.started(UploadFolder.open(settings.files().temporary()));
        TranscriptionPart transcription = new TranscriptionPart(settings, loader, audio);
        VoiceActivityPart voiceActivity = new VoiceActivityPart(settings);
        SpeechPart speech = parts.started(new SpeechPart(settings, devices));
        Map<ModelFamily, EngineFactory> factories = new EnumMap<>(ModelFamily.class);
        factories.putAll(transcription.factories());
        factories.putAll(speech.factories());
        factories.putAll(voiceActivity.factories());
        SpeakerPart speaker = new SpeakerPart();
        factories.putAll(speaker.factories());
        List<PartOfServer> partsOfServer = new ArrayList<>(speech.partsOfServer());
        partsOfServer.addAll(voiceActivity.partsOfServer());
        ObservabilityPart observability = ObservabilityPart.open(settings, parts);
        ModelPart models =
                parts.started(
                        ModelPart.of(
                                settings,
                                home,
                                factories,
                                ComputeChoice.memory(settings.whisper(), devices),
                                partsOfServer,
                                observability.models()));
        ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("timer").daemon().factory());
        parts.started(timer::shutdownNow);
        UploadLimits limits = new UploadLimits(uploads.path(), settings.limits().uploadBytes());
        InFlight inFlight = new InFlight(observability.requests(), observability.traces());
        Watchdog watchdog =
                WatchdogPart.open(
                        settings.limits().stepTime(), models, speech, audio, observability, parts);
        observability.watch(models, inFlight::count, watchdog);
        timer.scheduleWithFixedDelay(
                IdleHeap.of(inFlight::count), HEAP_LOOK, HEAP_LOOK, TimeUnit.SECONDS);
        HttpLimits httpLimits = settings.limits().http();
        MemoryBudget budget = httpLimits.budget();
        AccessPart access = new AccessPart(settings, timer);
        List<Consumer<RoutesConfig>> routes = new ArrayList<>(access.routes());
        HealthRoutes health =
                new HealthRoutes(
                        models.preloader()::isDone,
                        () -> models.preloader().missing().keySet(),
                        devices,
                        watchdog);
        routes.add(health::register);
        VoiceActivityModels detectors = voiceActivity.models(models.library(), models.engines());
        routes.addAll(voiceActivity.routes(detectors, models.engines(), audio, limits, timer));
        SpeakerModels speakers = new SpeakerModels(models.library(), models.engines());
        routes.addAll(speaker.routes(speakers, models.engines(), audio, limits, timer));
        FileFetcher fetcher =
                parts.started(
                        new FileFetcher(
                                settings.fileUrls(), limits, settings.hub().network(), Dns.SYSTEM));
        routes.addAll(
                transcription.routes(
                        models.engines(), detectors, speakers, limits, fetcher, timer));
        SpeechPipeline pipeline = speech.pipeline(models.library(), models.engines());
        SpeechAnswers answers = new SpeechAnswers(pipeline, timer);
        routes.addAll(speech.routes(answers, models.library(), models.engines()));
        Sockets sockets = new Sockets(settings.limits().sockets(), budget, inFlight);
        ConversationPart conversation =
                parts.started(
                        new ConversationPart(
                                settings,
                                models,
                                transcription.pipeline(models.engines(), detectors, speakers),
                                detectors,
                                pipeline,
                                limits,
                                observability.traces()));
        routes.addAll(
                DoorPart.routes(
                        pipeline,
                        answers,
                        models.library(),
                        access.keys(),
                        sockets,
                        conversation.turns(),
                        budget));
        routes.addAll(conversation.routes(sockets, budget, access.secrets(), timer));
        routes.addAll(
                DoorPart.listening(
                        transcription.answers(models.engines(), detectors, speakers, limits, timer),
                        new UnnamedModel(
                                models.library(),
                                models.engines(),
                                conversation::usualTranscriptionModel),
                        fetcher,
                        timer));
        routes.addAll(models.routes(timer, devices, speech.names(models.library())));
        routes.addAll(observability.routes());
        routes.add(new DocsRoutes()::register);
        routes.add(new PageRoutes()::register);
        HttpServer http =
                parts.started(
                        HttpServer.start(
                                settings.listen().host(),
                                settings.listen().port(),
                                httpLimits,
                                budget,
                                inFlight,
                                routes));
        Optional<WyomingServer> wyoming =
                conversation.wyoming(budget, inFlight, timer).map(parts::started);
        return new Application(
                parts,
                models,
                speech,
                http,
                wyoming,
                observability,
                health,
                limits,
                settings.listen());
    }

    /**
     * Loads the native libraries that almost every request needs. The port listens already: a
     * request that comes first loads them itself, or waits for this.
     */
    private void warm() {
        try {
            AudioNatives.load();
        } catch (LinkageError missing) {
            LOG.error(
                    "FFmpeg's libraries cannot be loaded: audio is neither read nor written",
                    missing);
        }
        observability.warm();
        speech.warm();
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
            throw new SettingsException(
                    preloader.failures().values().stream()
                            .map(why -> "PRELOAD_MODELS: " + why)
                            .toList());
        }
    }

    /** Where it can be reached from this machine. */
    public String url() {
        return ListenAddress.url(listen.host(), http.port());
    }

    /** The port on which Wyoming is spoken; empty where it is not. */
    public OptionalInt wyomingPort() {
        return wyoming.map(server -> OptionalInt.of(server.port())).orElse(OptionalInt.empty());
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

    /** The probes, for a port of their own. */
    public HealthRoutes health() {
        return health;
    }

    /** Where uploads go and how large they may be. */
    public UploadLimits uploads() {
        return uploads;
    }

    public ModelPart models() {
        return models;
    }

    public SpeechPart speech() {
        return speech;
    }

    /**
     * Says at {@code /health/ready} that it stops and goes on serving for {@code SHUTDOWN_DELAY}.
     * Then lets running requests finish within {@code SHUTDOWN_TIMEOUT}, has the others end with an
     * error that says why, waits for the engines, and closes every part. Harmless when repeated.
     */
    @Override
    public void close() {
        close(LAST_STEPS);
    }

    /**
     * @param lastSteps that work has to end in when it was told to
     */
    void close(Duration lastSteps) {
        health.stopping();
        if (!closing.getAndSet(true)) {
            pause(listen.shutdownDelay());
        }
        if (!http.drain(listen.shutdownTimeout())) {
            http.stopRunning();
            // Ends the downloads and loads that requests wait for.
            parts.close(models);
            if (!http.awaitStopped(lastSteps)) {
                LOG.warn("Some requests are still computing; their connections are closed.");
                computing = true;
            }
        }
        parts.close();
        if (!models.engines().awaitEnd(lastSteps)) {
            computing = true;
        }
    }

    /**
     * A load balancer learns by its next probe that this server leaves. What it sends until then
     * would be refused, and an upload that is longer than its buffer cannot be sent elsewhere.
     */
    private static void pause(Duration delay) {
        if (delay.isZero()) {
            return;
        }
        LOG.info("Not ready any more; requests are served for {} s", delay.toSeconds());
        try {
            Thread.sleep(delay);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Whether native code still ran when {@link #close} was done with waiting. The process must
     * then be halted: a runtime's exit hooks would free what that code uses.
     */
    public boolean stillComputing() {
        return computing;
    }
}
