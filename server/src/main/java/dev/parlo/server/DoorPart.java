package dev.parlo.server;

import dev.parlo.server.cosyvoice.CosyVoiceRoute;
import dev.parlo.server.elevenlabs.ElevenLabsRoutes;
import dev.parlo.server.elevenlabs.StreamInputRoute;
import dev.parlo.server.elevenlabs.VoiceRoutes;
import dev.parlo.server.fish.FishRoutes;
import dev.parlo.server.http.ApiKeyCheck;
import dev.parlo.server.http.InFlight;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.models.ModelLibrary;
import dev.parlo.server.socket.SocketLimits;
import dev.parlo.server.socket.Sockets;
import dev.parlo.server.sovits.SovitsRoutes;
import dev.parlo.server.speech.SpeechAnswers;
import dev.parlo.server.speech.SpeechDoors;
import io.javalin.config.RoutesConfig;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/** The protocols of other speech services, over the same models. */
final class DoorPart {
    private DoorPart() {}

    /** Their routes, in order. */
    static List<Consumer<RoutesConfig>> routes(
            SpeechDoors doors,
            ModelLibrary library,
            ApiKeyCheck keys,
            SocketLimits limits,
            InFlight inFlight,
            MemoryBudget budget,
            ScheduledExecutorService timer) {
        SpeechAnswers answers = new SpeechAnswers(doors, timer);
        Sockets sockets = new Sockets(limits, budget, inFlight);
        return List.of(
                new SovitsRoutes(answers, library)::register,
                new VoiceRoutes(library)::register,
                new ElevenLabsRoutes(answers)::register,
                new StreamInputRoute(sockets, doors, keys)::register,
                new FishRoutes(answers, doors, sockets)::register,
                new CosyVoiceRoute(sockets, doors)::register);
    }
}
