package dev.parlo.server;

import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.engine.pool.PoolSettings;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelStore;
import dev.parlo.registry.PartOfServer;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.cache.ModelDownloader;
import dev.parlo.server.device.Devices;
import dev.parlo.server.downloads.DownloadRoutes;
import dev.parlo.server.models.EngineFactory;
import dev.parlo.server.models.HubAccess;
import dev.parlo.server.models.MemoryEstimate;
import dev.parlo.server.models.ModelAdmissions;
import dev.parlo.server.models.ModelEngines;
import dev.parlo.server.models.ModelLibrary;
import dev.parlo.server.models.ModelObservers;
import dev.parlo.server.models.ModelRoutes;
import dev.parlo.server.models.Preloader;
import dev.parlo.server.models.QueueLimits;
import dev.parlo.server.models.StandIns;
import dev.parlo.server.registry.Offers;
import dev.parlo.server.registry.RegistryRoutes;
import dev.parlo.server.running.RunningRoutes;
import dev.parlo.server.suggestion.Room;
import dev.parlo.server.suggestion.SuggestionRoutes;
import dev.parlo.server.suggestion.Suggestions;
import dev.parlo.server.trace.Traces;
import dev.parlo.server.vad.VoiceActivityModels;
import io.javalin.config.RoutesConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Everything about models, built from the settings: the library, the Hub, the engines, preloading,
 * and the routes. Thread-safe, apart from {@link #close}.
 */
public final class ModelPart implements AutoCloseable {
    private final ModelLibrary library;
    private final HubAccess hub;
    private final ModelEngines engines;
    private final Preloader preloader;
    private final Suggestions suggestions;
    private final Settings.Models settings;

    private ModelPart(
            ModelLibrary library,
            HubAccess hub,
            ModelEngines engines,
            Preloader preloader,
            Suggestions suggestions,
            Settings.Models settings) {
        this.library = library;
        this.hub = hub;
        this.engines = engines;
        this.preloader = preloader;
        this.suggestions = suggestions;
        this.settings = settings;
    }

    /**
     * @param home the folder of the program, where {@code models/} lies
     * @param factories what runs the models of each family
     * @param estimate what models are expected to take
     * @param partsOfServer models without files of their own
     * @param observers hear what becomes of models
     */
    public static ModelPart of(
            Settings settings,
            Path home,
            Map<ModelFamily, EngineFactory> factories,
            MemoryEstimate estimate,
            List<PartOfServer> partsOfServer,
            ModelObservers observers) {
        ModelStore store = ModelLibrary.store(settings, home, partsOfServer);
        ModelLibrary plain = ModelLibrary.open(settings, store);
        HubAccess hub = new HubAccess(settings.hub(), store, observers.downloads());
        Consumer<ModelId> installer =
                id -> {
                    Traces.Span waiting = observers.requests().part("wait for download");
                    try {
                        waiting.note("parlo.model", id.toString());
                        hub.downloader().download(id);
                    } finally {
                        waiting.end();
                    }
                };
        ModelLibrary library =
                settings.models().autoDownload()
                        ? plain.installing(tolerant(installer))
                        : plain.learning(hub.verdicts()::learn);
        ModelEngines engines =
                new ModelEngines(
                        library,
                        factories,
                        estimate,
                        new PoolSettings(
                                settings.models().memoryBudget(), settings.models().loadTimeout()),
                        family -> keepAlive(family, settings.models()),
                        new ModelAdmissions(family -> queue(family, settings), observers.engines()),
                        observers.pool(),
                        observers.requests());
        Preloader preloader = new Preloader(settings.models().preload(), plain, engines, installer);
        Suggestions suggestions =
                new Suggestions(
                        plain, hub, estimate, Room.of(settings.models(), estimate.devices()));
        return new ModelPart(library, hub, engines, preloader, suggestions, settings.models());
    }

    public ModelLibrary library() {
        return library;
    }

    public ModelEngines engines() {
        return engines;
    }

    /** How many downloads are under way. */
    int downloads() {
        return hub.downloader().running().size();
    }

    public Preloader preloader() {
        return preloader;
    }

    /** As {@link ModelDownloader#removeLeftovers}. */
    void removeLeftovers() {
        hub.downloader().removeLeftovers();
    }

    /**
     * The routes of models, in order.
     *
     * @param devices that they are computed on
     * @param speaking the model that speaks for a name; throws where none does
     */
    public List<Consumer<RoutesConfig>> routes(
            ScheduledExecutorService timer,
            Devices devices,
            Function<String, InstalledModel> speaking) {
        StandIns standIns = VoiceActivityModels.standIns(library);
        return List.of(
                new ModelRoutes(library, engines, settings.listAliases(), standIns, speaking)
                        ::register,
                new DownloadRoutes(library, hub.downloader(), timer)::register,
                new SuggestionRoutes(suggestions)::register,
                new RegistryRoutes(hub.registry(), new Offers(hub.entries(), library))::register,
                new RunningRoutes(library, engines, preloader::missing, devices, standIns)
                        ::register);
    }

    @Override
    public void close() {
        preloader.close();
        try {
            hub.close();
        } finally {
            engines.close();
        }
    }

    /** What the Hub does not have, or cannot be asked for, is refused as not installed. */
    private static Consumer<ModelId> tolerant(Consumer<ModelId> installer) {
        return id -> {
            try {
                installer.accept(id);
            } catch (RegistryException failure) {
                switch (failure.category()) {
                    case NOT_FOUND, UNSUPPORTED, OFFLINE -> {}
                    default -> throw failure;
                }
            }
        };
    }

    private static QueueLimits queue(ModelFamily family, Settings settings) {
        Duration longest = settings.limits().longestWait();
        int transcriptions = settings.limits().transcriptionQueue();
        return switch (family.task()) {
            case AUTOMATIC_SPEECH_RECOGNITION ->
                    new QueueLimits(
                            settings.whisper()
                                    .windows(
                                            family.isWhisperCheckpoint()
                                                    || family == ModelFamily.PARAKEET),
                            transcriptions,
                            longest);
            case TEXT_TO_SPEECH -> new QueueLimits(1, settings.limits().speechQueue(), longest);
            case VOICE_ACTIVITY_DETECTION, SPEAKER_EMBEDDING, SPEAKER_DIARIZATION ->
                    new QueueLimits(1, transcriptions, longest);
        };
    }

    private static KeepAlive keepAlive(ModelFamily family, Settings.Models models) {
        return switch (family.task()) {
            case AUTOMATIC_SPEECH_RECOGNITION -> new KeepAlive(models.transcriptionIdle());
            case TEXT_TO_SPEECH -> new KeepAlive(models.speechIdle());
            case VOICE_ACTIVITY_DETECTION -> new KeepAlive(models.voiceActivityIdle());
            case SPEAKER_EMBEDDING -> KeepAlive.NONE; // as Speaches
            case SPEAKER_DIARIZATION -> KeepAlive.FOREVER; // as Speaches
        };
    }
}
