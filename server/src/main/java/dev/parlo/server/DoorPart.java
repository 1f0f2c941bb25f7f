package dev.parlo.server;

import dev.parlo.server.asrwebservice.AsrRoutes;
import dev.parlo.server.cosyvoice.CosyVoiceRoute;
import dev.parlo.server.elevenlabs.ElevenLabsRoutes;
import dev.parlo.server.elevenlabs.SpeechToTextRoute;
import dev.parlo.server.elevenlabs.StreamInputRoute;
import dev.parlo.server.elevenlabs.VoiceRoutes;
import dev.parlo.server.fileurl.FileFetcher;
import dev.parlo.server.fish.FishRoutes;
import dev.parlo.server.fish.RecognitionRoute;
import dev.parlo.server.http.ApiKeyCheck;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.listening.TurnRecognition;
import dev.parlo.server.models.ModelLibrary;
import dev.parlo.server.socket.Sockets;
import dev.parlo.server.sovits.SovitsRoutes;
import dev.parlo.server.speech.SpeechAnswers;
import dev.parlo.server.speech.SpeechPipeline;
import dev.parlo.server.transcription.TranscriptionAnswers;
import dev.parlo.server.transcription.UnnamedModel;
import dev.parlo.server.whispercpp.InferenceRoute;
import io.javalin.config.RoutesConfig;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/** The protocols of other services, over the same models. */
final class DoorPart {
    private DoorPart() {}

    /** The routes of those that transcribe, in order. */
    static List<Consumer<RoutesConfig>> listening(
            TranscriptionAnswers answers,
            UnnamedModel unnamed,
            FileFetcher fetcher,
            ScheduledExecutorService timer) {
        return List.of(
                new AsrRoutes(answers, unnamed)::register,
                new RecognitionRoute(answers, unnamed)::register,
                new InferenceRoute(answers, unnamed)::register,
                new SpeechToTextRoute(answers, unnamed, fetcher, timer)::register);
    }

    /** The routes of those that speak, in order. */
    static List<Consumer<RoutesConfig>> routes(
            SpeechPipeline pipeline,
            SpeechAnswers answers,
            ModelLibrary library,
            ApiKeyCheck keys,
            Sockets sockets,
            TurnRecognition turns,
            MemoryBudget budget) {
        return List.of(
                new SovitsRoutes(answers, library)::register,
                new VoiceRoutes(library)::register,
                new ElevenLabsRoutes(answers)::register,
                new StreamInputRoute(sockets, pipeline, keys)::register,
                new FishRoutes(answers, pipeline, sockets)::register,
                new CosyVoiceRoute(sockets, pipeline, turns, budget)::register);
    }
}
