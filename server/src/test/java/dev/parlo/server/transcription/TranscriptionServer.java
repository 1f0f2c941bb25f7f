package dev.parlo.server.transcription;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.audio.TimeMap;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.engine.vad.NanoVad;
import dev.parlo.engine.vad.VoiceActivityDetector;
import dev.parlo.registry.ModelTask;
import dev.parlo.registry.hub.NetworkSettings;
import dev.parlo.server.fileurl.FileFetcher;
import dev.parlo.server.fileurl.FileUrlSettings;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.HttpServer;
import dev.parlo.server.http.InFlight;
import dev.parlo.server.http.UploadLimits;
import dev.parlo.server.models.ModelLeases;
import dev.parlo.server.speaker.Speakers;
import dev.parlo.server.vad.DetectorLoans;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/** A real server on a free port with the transcription routes over a {@link ScriptedEngine}. */
final class TranscriptionServer implements AutoCloseable {
    static final long MAX_FILE = 200_000;
    static final double MAX_SECONDS = 100;

    /** Of every upload. */
    private static final double SECONDS = 5;

    /** Why the audio of every upload is not whole; empty where it is. */
    final AtomicReference<Optional<String>> truncation = new AtomicReference<>(Optional.empty());

    /** Of every upload's audio. */
    final AtomicReference<TimeMap> times = new AtomicReference<>(TimeMap.NONE);

    /** Who speaks in every upload. */
    final AtomicReference<Speakers> speakers =
            new AtomicReference<>(new Speakers("test/speakers", List.of(), List.of(), SECONDS));

    final ScriptedEngine engine = new ScriptedEngine();
    final AtomicInteger leases = new AtomicInteger();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final HttpClient client = HttpClient.newHttpClient();
    private final VoiceActivityDetector vad = new NanoVad();
    private final HttpServer server;
    private final Models models = new Models();

    TranscriptionServer(Path directory, Duration heartbeat) {
        server =
                HttpServer.start(
                        "127.0.0.1",
                        0,
                        new InFlight(),
                        List.of(
                                new TranscriptionRoutes(
                                                new TranscriptionPipeline(
                                                        models,
                                                        (file, type) ->
                                                                new EmptyAudio(
                                                                        file,
                                                                        SECONDS,
                                                                        truncation.get(),
                                                                        times.get()),
                                                        new AudioBudget(MAX_SECONDS),
                                                        cancellation ->
                                                                new DetectorLoans.Loan(
                                                                        vad,
                                                                        new NativeSteps(),
                                                                        () -> {}),
                                                        (audio, order, priority, cancellation) ->
                                                                speakers.get()),
                                                models,
                                                new UploadLimits(directory, MAX_FILE),
                                                new FileFetcher(
                                                        new FileUrlSettings(
                                                                false,
                                                                List.of(),
                                                                List.of(),
                                                                Duration.ofSeconds(1)),
                                                        new UploadLimits(directory, MAX_FILE),
                                                        NetworkSettings.direct(),
                                                        Dns.SYSTEM),
                                                timer,
                                                heartbeat)
                                        ::register));
    }

    /** Only the model {@code test/model} is installed. */
    private final class Models implements ModelLeases {
        @Override
        public Place admit(
                @Nullable String name,
                ModelTask task,
                Priority priority,
                Cancellation cancellation) {
            return new Place(
                    name == null ? "" : name, engine.admission().enter(priority, cancellation));
        }

        @Override
        public <T> Leased<T> lease(
                Place place, ModelTask task, Class<T> type, @Nullable KeepAlive keepAlive) {
            if (!place.model().equals("test/model")) {
                throw ApiError.of(
                        404, "Model '" + place.model() + "' is not here.", "model_not_found");
            }
            leases.incrementAndGet();
            return new Leased<>(
                    place.model(), type.cast(engine), place.ticket(), leases::decrementAndGet);
        }
    }

    int port() {
        return server.port();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /** Posts fields (name, value, …) and a small file. */
    HttpResponse<String> transcribe(String... fields) throws Exception {
        FormBody form = new FormBody().text("model", "test/model");
        for (int i = 0; i < fields.length; i += 2) {
            form.text(fields[i], fields[i + 1]);
        }
        form.file("file", "a.wav", "audio/wav", "RIFF".getBytes(StandardCharsets.UTF_8));
        return post("/v1/audio/transcriptions", form);
    }

    HttpResponse<String> post(String path, FormBody form) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", form.contentType())
                        .POST(HttpRequest.BodyPublishers.ofByteArray(form.bytes()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> send(String method, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        server.close();
        timer.shutdownNow();
        client.close();
    }
}
