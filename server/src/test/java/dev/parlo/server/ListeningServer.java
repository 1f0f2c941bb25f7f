package dev.parlo.server;

import dev.parlo.engine.audio.AudioDecoder;
import dev.parlo.engine.audio.AudioLimits;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.server.device.Devices;
import dev.parlo.server.http.Json;
import dev.parlo.server.transcription.WhisperLoader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import tools.jackson.databind.JsonNode;

/** The whole application with its real engines and decoders, and the built-in Whisper model. */
final class ListeningServer implements AutoCloseable {
    static final int RATE = 16_000;
    static final String MODEL = "parlo/whisper-nano.en";

    private final AudioDecoder decoder;
    private final Application application;
    private final HttpClient client = HttpClient.newHttpClient();

    ListeningServer(Path folder, String... settings) {
        Map<String, String> environment = new HashMap<>();
        environment.put("UVICORN_HOST", "127.0.0.1");
        environment.put("UVICORN_PORT", "0");
        environment.put("HF_HUB_OFFLINE", "1");
        environment.put("HF_HUB_CACHE", folder.resolve("hub").toString());
        environment.put("HF_HOME", folder.resolve("hf").toString());
        environment.put("PARLO_CACHE_DIR", folder.resolve("cache").toString());
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        decoder = new AudioDecoder(2, new AudioLimits(1L << 28, 600));
        Settings loaded = SettingsLoader.load(environment, Map.of(), ProjectFiles.root());
        application =
                Application.start(
                        loaded,
                        ProjectFiles.root(),
                        Devices.onCpu(),
                        new WhisperLoader(loaded, Devices.onCpu()),
                        decoder::open);
    }

    Application application() {
        return application;
    }

    /** A request without a body. */
    HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(application.url() + path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    String url() {
        return application.url();
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(application.url() + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> timestamps(byte[] file, String... fields)
            throws IOException, InterruptedException {
        return post("/v1/audio/speech/timestamps", file, fields);
    }

    HttpResponse<String> transcribe(byte[] file, String... fields)
            throws IOException, InterruptedException {
        String[] all = java.util.Arrays.copyOf(fields, fields.length + 2);
        all[fields.length] = "model";
        all[fields.length + 1] = MODEL;
        return post("/v1/audio/transcriptions", file, all);
    }

    /** Posts a body as it is. */
    HttpResponse<String> post(String path, String contentType, byte[] body)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(application.url() + path))
                        .header("Content-Type", contentType)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Posts fields (name, value, …) and a file. */
    HttpResponse<String> post(String path, byte[] file, String... fields)
            throws IOException, InterruptedException {
        String part = "--b\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n";
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            write(body, String.format(Locale.ROOT, part, fields[i], "") + fields[i + 1] + "\r\n");
        }
        write(body, String.format(Locale.ROOT, part, "file", "; filename=\"a\""));
        body.writeBytes(file);
        write(body, "\r\n--b--\r\n");
        return client.send(
                HttpRequest.newBuilder(URI.create(application.url() + path))
                        .header("Content-Type", "multipart/form-data; boundary=b")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void write(ByteArrayOutputStream body, String text) {
        body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A WAV file of 16-bit samples, mono at 16 kHz. */
    static byte[] wav(double[] samples) {
        ByteBuffer file =
                ByteBuffer.allocate(44 + 2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 2 * samples.length);
        file.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        file.putShort((short) 1).putShort((short) 1).putInt(RATE).putInt(2 * RATE);
        file.putShort((short) 2).putShort((short) 16);
        file.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(2 * samples.length);
        for (double sample : samples) {
            file.putShort((short) Math.round(Math.clamp(sample, -1, 1) * 32_767));
        }
        return file.array();
    }

    @Override
    public void close() {
        client.shutdownNow(); // first: the server waits for open connections
        application.close();
        decoder.close();
    }

    /** So many seconds of a sound, given by its value at a time in seconds. */
    static double[] signal(double seconds, DoubleUnaryOperator value) {
        double[] samples = new double[(int) (seconds * RATE)];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = value.applyAsDouble((double) i / RATE);
        }
        return samples;
    }

    /** The recording that comes with the program. */
    static double[] sample() {
        List<Double> all = new ArrayList<>();
        try (AudioDecoder decoder = new AudioDecoder(1, new AudioLimits(1L << 26, 60));
                AudioSource.Reader reader =
                        decoder.open(ProjectFiles.root().resolve("samples/a-miracle.flac"))
                                .open()) {
            float[] block = new float[4096];
            for (int n = reader.read(block); n >= 0; n = reader.read(block)) {
                for (int i = 0; i < n; i++) {
                    all.add((double) block[i]);
                }
            }
        }
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }

    static JsonNode json(HttpResponse<String> answer) {
        return Json.mapper().readTree(answer.body());
    }
}
