package dev.parlo.server;

import dev.parlo.engine.audio.AudioDecoder;
import dev.parlo.engine.audio.AudioLimits;
import dev.parlo.server.device.Devices;
import dev.parlo.server.transcription.ScriptedEngine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The whole program on a free port, with espeak-ng and a scripted transcription model. */
public final class DoorServer implements AutoCloseable {
    private final Application application;
    private final HttpClient client = HttpClient.newHttpClient();

    private final List<ScriptedEngine> engines;

    private DoorServer(Application application, List<ScriptedEngine> engines) {
        this.application = application;
        this.engines = engines;
    }

    /**
     * @param settings names and values in turn
     */
    public static DoorServer start(Path home, String... settings) throws IOException {
        Path model = home.resolve("models/parlo/small");
        Files.createDirectories(model);
        Files.writeString(
                model.resolve("README.md"),
                "---\nlanguage: en\ntags:\n- ctranslate2\npipeline_tag:"
                        + " automatic-speech-recognition\n---\n");
        Files.writeString(model.resolve("config.json"), "{\"suppress_ids\": []}");
        Files.writeString(model.resolve("vocabulary.txt"), "a\nb\n");
        Files.writeString(model.resolve("tokenizer.json"), "{}");
        Files.write(model.resolve("model.bin"), new byte[100]);
        Files.writeString(
                home.resolve("model_aliases.json"),
                "{\"whisper\": \"parlo/small\", \"tts-1\": \"espeak-ng/espeak-ng\","
                        + " \"gpt-4o-mini-tts\": \"espeak-ng/espeak-ng\", \"playai-tts\":"
                        + " \"espeak-ng/espeak-ng\"}");
        Map<String, String> environment = new HashMap<>();
        environment.put("UVICORN_HOST", "127.0.0.1");
        environment.put("UVICORN_PORT", "0");
        environment.put("PARLO_CACHE_DIR", home.resolve("cache").toString());
        environment.put("HF_HUB_CACHE", home.resolve("hub").toString());
        environment.put("HF_HUB_OFFLINE", "1");
        environment.put("SHUTDOWN_TIMEOUT", "5");
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        List<ScriptedEngine> engines = new CopyOnWriteArrayList<>();
        return new DoorServer(
                Application.start(
                        SettingsLoader.load(environment, Map.of(), home),
                        home,
                        Devices.onCpu(),
                        (family, files, admission, cancellation) -> {
                            ScriptedEngine engine = new ScriptedEngine();
                            engines.add(engine);
                            return engine;
                        },
                        new AudioDecoder(1, new AudioLimits(1 << 28, 600))::open),
                engines);
    }

    /** How many recordings the transcription model has heard. */
    public int heard() {
        return engines.stream().mapToInt(engine -> engine.heard.size()).sum();
    }

    public URI uri(String path) {
        return URI.create(application.url() + path);
    }

    /** Where Wyoming is spoken. */
    public int wyomingPort() {
        return application.wyomingPort().orElseThrow();
    }

    /** A client that has connected; {@code headers} are names and values in turn. */
    public SocketClient connect(String path, String... headers) throws Exception {
        SocketClient listener = new SocketClient();
        WebSocket.Builder builder = client.newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        URI uri = URI.create(uri(path).toString().replaceFirst("^http", "ws"));
        listener.connected(builder.buildAsync(uri, listener).get());
        return listener;
    }

    /** {@code headers} are names and values in turn. */
    public HttpResponse<byte[]> post(String path, byte[] body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    public HttpResponse<byte[]> postJson(String path, String json)
            throws IOException, InterruptedException {
        return post(
                path,
                json.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                "Content-Type",
                "application/json");
    }

    public HttpResponse<String> get(String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Ends the server while clients are connected. */
    public void stop() {
        application.close();
    }

    @Override
    public void close() {
        client.shutdownNow();
        application.close();
    }
}
