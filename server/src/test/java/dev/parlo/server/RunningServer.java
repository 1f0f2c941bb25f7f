package dev.parlo.server;

import dev.parlo.engine.audio.TimeMap;
import dev.parlo.registry.TestHub;
import dev.parlo.registry.hub.NetworkSettings;
import dev.parlo.server.device.Devices;
import dev.parlo.server.fileurl.FileFetcher;
import dev.parlo.server.fileurl.FileUrlSettings;
import dev.parlo.server.transcription.EmptyAudio;
import dev.parlo.server.transcription.ScriptedEngine;
import dev.parlo.server.transcription.SpeechToTextLoader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/** The whole application on a free port, with scripted engines and a Hub of its own. */
final class RunningServer implements AutoCloseable {
    static final String BUILT_IN = "parlo/small";
    static final String REMOTE = "Acme/tiny";

    final TestHub hub;
    final Application application;
    final List<ScriptedEngine> engines = new CopyOnWriteArrayList<>();
    final Path cache;

    /** Runs at the start of every load. */
    final AtomicReference<Runnable> beforeLoad = new AtomicReference<>(() -> {});

    private final HttpClient client = HttpClient.newHttpClient();

    RunningServer(Path folder, String... settings) throws IOException {
        this(folder, null, settings);
    }

    /**
     * @param loader of engines that are not scripted; null for those that are
     */
    RunningServer(Path folder, @Nullable SpeechToTextLoader loader, String... settings)
            throws IOException {
        Path home = folder.resolve("home");
        whisper(home.resolve("models").resolve(BUILT_IN), 100);
        Path repositories = folder.resolve("hub");
        whisper(repositories.resolve(REMOTE), 300_000);
        hub = TestHub.start(repositories);
        cache = folder.resolve("cache");
        Map<String, String> environment = new HashMap<>();
        environment.put("UVICORN_HOST", "127.0.0.1");
        environment.put("UVICORN_PORT", "0");
        environment.put("HF_ENDPOINT", hub.endpoint().toString());
        environment.put("HF_HUB_CACHE", cache.toString());
        environment.put("HF_HOME", folder.resolve("hf").toString());
        environment.put("SHUTDOWN_TIMEOUT", "20");
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        application =
                Application.start(
                        SettingsLoader.load(environment, Map.of(), home),
                        home,
                        Devices.onCpu(),
                        loader == null
                                ? (family, files, admission, cancellation) -> scripted()
                                : loader,
                        (file, type) -> new EmptyAudio(file, 1, Optional.empty(), TimeMap.NONE));
    }

    private ScriptedEngine scripted() {
        beforeLoad.get().run();
        ScriptedEngine engine = new ScriptedEngine();
        engines.add(engine);
        return engine;
    }

    private static void whisper(Path folder, int bytes) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("README.md"),
                "---\nlanguage: en\ntags:\n- ctranslate2\npipeline_tag:"
                        + " automatic-speech-recognition\n---\n");
        Files.writeString(folder.resolve("config.json"), "{\"suppress_ids\": []}");
        Files.writeString(folder.resolve("vocabulary.txt"), "a\nb\n");
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        Files.write(folder.resolve("model.bin"), new byte[bytes]);
    }

    /** What fetches a client's address for this server, with everything allowed; to be closed. */
    FileFetcher fetcher() {
        return new FileFetcher(
                new FileUrlSettings(true, List.of(), List.of(), Duration.ofSeconds(5)),
                application.uploads(),
                NetworkSettings.direct(),
                Dns.SYSTEM);
    }

    HttpResponse<String> ask(String method, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(application.url() + path))
                        .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> transcribe(String model, String keepAlive)
            throws IOException, InterruptedException {
        return transcribe(model, keepAlive, "RIFF");
    }

    HttpResponse<String> transcribe(String model, String keepAlive, String file)
            throws IOException, InterruptedException {
        return upload("/v1/audio/transcriptions", file, "model", model, "keep_alive", keepAlive);
    }

    /** Posts fields (name, value, …) and a small file. */
    HttpResponse<String> form(String path, String... fields)
            throws IOException, InterruptedException {
        return upload(path, "RIFF", fields);
    }

    private HttpResponse<String> upload(String path, String file, String... fields)
            throws IOException, InterruptedException {
        String part = "--b\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n%s\r\n";
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            body.append(String.format(Locale.ROOT, part, fields[i], "", fields[i + 1]));
        }
        body.append(String.format(Locale.ROOT, part, "file", "; filename=\"a.wav\"", file))
                .append("--b--\r\n");
        return post(path, "multipart/form-data; boundary=b", body.toString());
    }

    HttpResponse<String> json(String path, String body) throws IOException, InterruptedException {
        return post(path, "application/json", body);
    }

    private HttpResponse<String> post(String path, String type, String body)
            throws IOException, InterruptedException {
        return post(path, type, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Posts a body as it is, with more headers (name, value, …). */
    HttpResponse<String> post(String path, String type, byte[] body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(application.url() + path))
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        client.shutdownNow(); // first: the server waits for open connections
        application.close();
        hub.close();
    }
}
