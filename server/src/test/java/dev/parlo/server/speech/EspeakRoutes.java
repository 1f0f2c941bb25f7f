package dev.parlo.server.speech;

import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.audio.AudioEncoders;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.espeak.EspeakEngine;
import dev.parlo.engine.espeak.EspeakInstaller;
import dev.parlo.engine.espeak.EspeakNg;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.HttpServer;
import dev.parlo.server.http.InFlight;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** The speech routes on a free port with espeak-ng behind them, and a client. */
final class EspeakRoutes implements AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final HttpClient client = HttpClient.newHttpClient();
    private final AudioEncoders encoders = new AudioEncoders(2);
    private final HeardOptions engine;
    private final HttpServer server;

    /**
     * @param cache where espeak-ng is unpacked
     */
    EspeakRoutes(Path cache) {
        this(cache, SpeechLimits.NONE);
    }

    EspeakRoutes(Path cache, SpeechLimits limits) {
        engine =
                new HeardOptions(
                        new EspeakEngine(
                                new EspeakNg(
                                        new EspeakInstaller(CacheFolder.at(cache), null, null)
                                                .locate()),
                                Lexicon.EMPTY,
                                new Admission(1, 64)));
        VoiceAliases aliases = VoiceAliases.open(cache.resolve("none.json"));
        SpeechPipeline pipeline =
                new SpeechPipeline(
                        new ModelPicker(this::lease, (model, voice) -> List.of("tts-1")),
                        aliases,
                        false,
                        limits,
                        encoders);
        SpeechRoutes routes = new SpeechRoutes(new SpeechAnswers(pipeline, timer), false);
        server = HttpServer.start("127.0.0.1", 0, new InFlight(), List.of(routes::register));
    }

    private TextToSpeechModels.Lease lease(String name, @Nullable KeepAlive keepAlive) {
        if (!name.equals("tts-1") && !name.equals(BuiltInEspeak.ID)) {
            throw ApiError.of(404, "no such model", "model_not_found");
        }
        return new TextToSpeechModels.Lease(
                BuiltInEspeak.ID, engine, name.equals("tts-1") ? "espeak-ng" : null, () -> {});
    }

    HttpClient client() {
        return client;
    }

    URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    /** The language of the last speech, or its voice where the voice speaks its own. */
    String language() {
        SpeechOptions heard = Objects.requireNonNull(engine.last().get());
        return Objects.requireNonNullElse(heard.language(), heard.voice());
    }

    int openEncoders() {
        return encoders.openEncoders();
    }

    HttpRequest request(String path, String json) {
        return HttpRequest.newBuilder(address(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
    }

    HttpResponse<byte[]> post(String path, String json) throws Exception {
        return client.send(request(path, json), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Speaks a sentence with more fields, such as {@code ,"speed":2}. */
    HttpResponse<byte[]> speak(String more) throws Exception {
        return post(
                "/v1/audio/speech",
                "{\"model\":\""
                        + BuiltInEspeak.ID
                        + "\",\"input\":\"Hello brave new world.\",\"voice\":\"en-us\""
                        + more
                        + "}");
    }

    @Override
    public void close() {
        server.close();
        engine.close();
        encoders.close();
        timer.shutdownNow();
        client.close();
    }
}
