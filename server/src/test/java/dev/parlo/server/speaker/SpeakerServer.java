package dev.parlo.server.speaker;

import dev.parlo.engine.speaker.TinySpeakerModels;
import dev.parlo.server.Application;
import dev.parlo.server.ProjectFiles;
import dev.parlo.server.Settings;
import dev.parlo.server.SettingsLoader;
import dev.parlo.server.cli.Wiring;
import dev.parlo.server.device.Devices;
import dev.parlo.server.http.Json;
import dev.parlo.server.transcription.FormBody;
import dev.parlo.server.transcription.ScriptedEngine;
import dev.parlo.server.transcription.SpeechToTextLoader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The whole application with real decoding, small models of speakers on ONNX Runtime, and a
 * scripted engine for transcriptions.
 */
public final class SpeakerServer implements AutoCloseable {
    public static final String SEGMENTATION = "onnx-community/pyannote-segmentation-3.0";
    public static final String EMBEDDING = "onnx-community/wespeaker-voxceleb-resnet34-LM";
    public static final String WHISPER = "parlo/small";

    public final ScriptedEngine engine = new ScriptedEngine();
    public final Path models;
    private final Application application;
    private final HttpClient client = HttpClient.newHttpClient();

    /**
     * @param speakers whether models of speakers are installed
     */
    public SpeakerServer(Path folder, boolean speakers, String... settings) throws IOException {
        this(folder, folder.resolve("home"), speakers, null, settings);
        whisper(models.resolve(WHISPER));
    }

    /** With the engines and the built-in model of the program, and no models of speakers. */
    static SpeakerServer real(Path folder) throws IOException {
        return new SpeakerServer(
                folder,
                ProjectFiles.root(),
                false,
                settings -> Wiring.real().speechToText().apply(settings, Devices.onCpu()));
    }

    private SpeakerServer(
            Path folder,
            Path home,
            boolean speakers,
            @Nullable Function<Settings, SpeechToTextLoader> loader,
            String... settings)
            throws IOException {
        models = Files.createDirectories(folder.resolve("models"));
        if (speakers) {
            TinySpeakerModels.segmentationFolder(models.resolve(SEGMENTATION));
            TinySpeakerModels.embeddingFolder(models.resolve(EMBEDDING));
        }
        Map<String, String> environment = new HashMap<>();
        environment.put("UVICORN_HOST", "127.0.0.1");
        environment.put("UVICORN_PORT", "0");
        environment.put("HF_HUB_OFFLINE", "1");
        environment.put("HF_HUB_CACHE", folder.resolve("hub").toString());
        environment.put("PARLO_CACHE_DIR", folder.resolve("cache").toString());
        environment.put("PARLO_TMP_DIR", folder.resolve("tmp").toString());
        environment.put("MODELS_PATH", models.toString());
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        Settings read = SettingsLoader.load(environment, Map.of(), home);
        application =
                Application.start(
                        read,
                        home,
                        Devices.onCpu(),
                        loader == null
                                ? (family, files, admission, cancellation) -> engine
                                : loader.apply(read),
                        Wiring.real().audio().apply(read));
    }

    private static void whisper(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("README.md"),
                "---\nlanguage: en\ntags:\n- ctranslate2\npipeline_tag:"
                        + " automatic-speech-recognition\n---\n");
        Files.writeString(folder.resolve("config.json"), "{\"suppress_ids\": []}");
        Files.write(folder.resolve("model.bin"), new byte[100]);
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        Files.writeString(folder.resolve("vocabulary.json"), "[]");
    }

    public HttpResponse<String> post(String path, FormBody form) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(application.url() + path))
                        .header("Content-Type", form.contentType())
                        .POST(HttpRequest.BodyPublishers.ofByteArray(form.bytes()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(application.url() + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** A form of a WAV file and fields: name, value, … */
    public static FormBody form(byte[] wav, String... fields) {
        FormBody form = new FormBody();
        for (int i = 0; i < fields.length; i += 2) {
            form.text(fields[i], fields[i + 1]);
        }
        return form.file("file", "two words.wav", "audio/wav", wav);
    }

    public static JsonNode json(HttpResponse<String> response) {
        return Json.mapper().readTree(response.body());
    }

    @Override
    public void close() {
        client.close();
        application.close();
    }
}
