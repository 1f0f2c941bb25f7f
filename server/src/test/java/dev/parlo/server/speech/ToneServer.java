package dev.parlo.server.speech;

import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Placement;
import dev.parlo.engine.SpeechChunk;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpeechSink;
import dev.parlo.engine.SpeechSummary;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.UnknownVoiceException;
import dev.parlo.engine.Voice;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.AudioEncoders;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.engine.text.Script;
import dev.parlo.server.elevenlabs.ElevenLabsRoutes;
import dev.parlo.server.fish.FishRoutes;
import dev.parlo.server.http.HttpServer;
import dev.parlo.server.http.InFlight;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.socket.SocketLimits;
import dev.parlo.server.socket.Sockets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The speech routes over an engine that says a tone for each sentence, always the same one:
 * espeak-ng lets its pitch wander, so that it never says anything twice alike.
 */
final class ToneServer implements AutoCloseable {
    static final int RATE = 22_050;

    /** A sentence that no engine can say. */
    static final String FAILING = "This fails.";

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AudioEncoders encoders = new AudioEncoders(2);
    private final AtomicInteger leases = new AtomicInteger();
    private final HttpServer server;

    ToneServer(Path folder) {
        ModelPicker models = new ModelPicker(this::lease, (model, voice) -> List.of("tones"));
        VoiceAliases voices = VoiceAliases.open(folder.resolve("none.json"));
        SpeechPipeline pipeline =
                new SpeechPipeline(models, voices, false, SpeechLimits.NONE, encoders);
        SpeechAnswers answers = new SpeechAnswers(pipeline, timer);
        InFlight inFlight = new InFlight();
        SocketLimits limits =
                new SocketLimits(1 << 20, 0, Duration.ofSeconds(60), Duration.ofSeconds(30));
        Sockets sockets = new Sockets(limits, new MemoryBudget(1 << 24), inFlight);
        server =
                HttpServer.start(
                        "127.0.0.1",
                        0,
                        inFlight,
                        List.of(
                                new SpeechRoutes(answers, false)::register,
                                new ElevenLabsRoutes(answers)::register,
                                new FishRoutes(answers, pipeline, sockets)::register));
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    int port() {
        return server.port();
    }

    int leases() {
        return leases.get();
    }

    int openEncoders() {
        return encoders.openEncoders();
    }

    private TextToSpeechModels.Lease lease(String name, @Nullable KeepAlive keepAlive) {
        leases.incrementAndGet();
        return new TextToSpeechModels.Lease(name, new Tones(), null, leases::decrementAndGet);
    }

    /** An engine that speaks tones. */
    static TextToSpeech tones() {
        return new Tones();
    }

    private static final class Tones implements TextToSpeech {
        private final Admission admission = new Admission(1, 64);

        @Override
        public List<Voice> voices() {
            return List.of(new Voice("tone", "Tone", "en", null));
        }

        @Override
        public int sampleRate() {
            return RATE;
        }

        @Override
        public void check(SpeechOptions options) {
            if (!options.voice().equals("tone")) {
                throw new UnknownVoiceException(options.voice(), List.of("tone"));
            }
        }

        @Override
        public Admission admission() {
            return admission;
        }

        @Override
        public SpeechSummary speak(
                Script script, SpeechOptions options, SpeechSink sink, Ticket ticket) {
            String text = script.source();
            long samples = 0;
            int chunks = 0;
            for (String sentence : text.split("(?<=[.!?]) ")) {
                ticket.cancellation().check();
                if (sentence.equals(FAILING)) {
                    throw new EngineException(EngineException.Category.INTERNAL, "made to fail");
                }
                float[] tone = tone(sentence);
                sink.accept(new SpeechChunk(tone));
                samples += tone.length;
                chunks++;
            }
            return new SpeechSummary(samples, RATE, text.length(), chunks);
        }

        /** Swells and fades, so that it joins the next one without a click. */
        private static float[] tone(String sentence) {
            float[] samples = new float[sentence.length() * 211];
            double frequency = 200 + Math.floorMod(sentence.hashCode(), 2_000);
            for (int i = 0; i < samples.length; i++) {
                double swell = Math.sin(Math.PI * i / samples.length);
                samples[i] = (float) (0.6 * swell * Math.sin(2 * Math.PI * frequency * i / RATE));
            }
            return samples;
        }

        @Override
        public long nativeBytes() {
            return 0;
        }

        @Override
        public EngineFacts facts() {
            return new EngineFacts(Placement.Cpu.threads(1), ComputeType.NONE, "tones", 0);
        }

        @Override
        public void close() {}
    }

    @Override
    public void close() {
        server.close();
        timer.shutdownNow();
        encoders.close();
    }
}
