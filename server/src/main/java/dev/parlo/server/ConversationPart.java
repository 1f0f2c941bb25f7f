package dev.parlo.server;

import dev.parlo.server.captions.CaptionRoutes;
import dev.parlo.server.chat.ChatRoutes;
import dev.parlo.server.http.InFlight;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.http.UploadLimits;
import dev.parlo.server.listening.DetectorThreads;
import dev.parlo.server.listening.TurnRecognition;
import dev.parlo.server.llm.LlmClient;
import dev.parlo.server.realtime.ClientSecrets;
import dev.parlo.server.realtime.RealtimeRoutes;
import dev.parlo.server.realtime.SecretRoutes;
import dev.parlo.server.socket.Sockets;
import dev.parlo.server.speech.SpeechPipeline;
import dev.parlo.server.trace.Traces;
import dev.parlo.server.transcription.SpokenText;
import dev.parlo.server.transcription.TranscriptionPipeline;
import dev.parlo.server.vad.DetectorLoans;
import dev.parlo.server.wyoming.WyomingServer;
import dev.parlo.server.wyoming.WyomingSettings;
import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What listens and speaks in turn, built from the settings. */
final class ConversationPart implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConversationPart.class);

    private final Settings settings;
    private final ModelPart models;
    private final SpeechPipeline speech;
    private final LlmClient llm;
    private final SpokenText spokenText;
    private final TurnRecognition turns;

    ConversationPart(
            Settings settings,
            ModelPart models,
            TranscriptionPipeline transcription,
            DetectorLoans detectors,
            SpeechPipeline speech,
            UploadLimits limits,
            Traces traces) {
        this.settings = settings;
        this.models = models;
        this.speech = speech;
        this.llm = new LlmClient(settings.llm(), settings.hub().network(), traces);
        this.spokenText = new SpokenText(transcription, models.engines(), limits);
        this.turns =
                new TurnRecognition(
                        models.library(),
                        models.engines(),
                        transcription,
                        detectors,
                        new DetectorThreads(Runtime.getRuntime().availableProcessors()));
    }

    /** Its routes, in order. */
    List<Consumer<RoutesConfig>> routes(
            Sockets sockets,
            MemoryBudget budget,
            ClientSecrets secrets,
            ScheduledExecutorService timer) {
        return List.of(
                new ChatRoutes(
                                llm,
                                settings.llm().model().isEmpty(),
                                speech,
                                spokenText,
                                () -> turns.choose(null),
                                InstantSource.system(),
                                timer)
                        ::register,
                new CaptionRoutes(sockets, turns, models.library(), budget)::register,
                new SecretRoutes(secrets)::register,
                new RealtimeRoutes(
                                sockets,
                                turns,
                                llm,
                                speech,
                                settings.limits().realtime(),
                                budget,
                                secrets,
                                timer)
                        ::register);
    }

    /** What finds and hears turns of live audio. */
    TurnRecognition turns() {
        return turns;
    }

    /**
     * The id of the transcription model that answers where none is named.
     *
     * @throws dev.parlo.registry.RegistryException where none is installed
     */
    String usualTranscriptionModel() {
        return turns.choose(null);
    }

    /**
     * Listens for clients of the Wyoming protocol, where the settings want that.
     *
     * @throws SettingsException where it cannot listen there
     */
    Optional<WyomingServer> wyoming(
            MemoryBudget budget, InFlight inFlight, ScheduledExecutorService timer) {
        WyomingSettings wyoming = settings.wyoming();
        OptionalInt port = wyoming.port();
        if (port.isEmpty()) {
            return Optional.empty();
        }
        try {
            WyomingServer server =
                    WyomingServer.start(
                            wyoming.host(),
                            port.getAsInt(),
                            speech,
                            spokenText,
                            turns::choose,
                            models.library(),
                            settings.limits().sockets(),
                            budget,
                            inFlight,
                            timer);
            LOG.info("Wyoming is spoken on {}, port {}", wyoming.host(), server.port());
            return Optional.of(server);
        } catch (IOException | RuntimeException failure) {
            throw new SettingsException(
                    "WYOMING_PORT: got "
                            + port.getAsInt()
                            + " on "
                            + wyoming.host()
                            + ", which cannot be listened on ("
                            + failure.getMessage()
                            + "); accepted: a free port, and an address of this machine in"
                            + " WYOMING_HOST.",
                    failure);
        }
    }

    @Override
    public void close() {
        turns.close();
        llm.close();
    }
}
