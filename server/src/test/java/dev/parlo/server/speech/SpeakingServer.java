package dev.parlo.server.speech;

import dev.parlo.server.Application;
import dev.parlo.server.ProjectFiles;
import dev.parlo.server.Settings;
import dev.parlo.server.SettingsLoader;
import dev.parlo.server.cli.Wiring;
import dev.parlo.server.device.Devices;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The whole program with its built-in models on a free port, and what a client asks of it. */
final class SpeakingServer implements AutoCloseable {
    static final String WHISPER = "parlo/whisper-nano.en";

    /** Formats that say themselves what they are. */
    static final List<String> CONTAINERS =
            List.of("wav", "mp3", "opus", "aac", "flac", "m4a", "webm", "wav_mulaw", "wav_alaw");

    /** Formats that are samples and nothing else. */
    static final List<String> BARE = List.of("pcm", "mulaw", "alaw");

    private final Application application;
    private final SpeechClient client;

    /**
     * @param folder for caches
     * @param settings names and values
     */
    SpeakingServer(Path folder, String... settings) {
        Map<String, String> environment = new HashMap<>();
        environment.put("UVICORN_HOST", "127.0.0.1");
        environment.put("UVICORN_PORT", "0");
        environment.put("HF_HUB_OFFLINE", "1");
        environment.put("HF_HUB_CACHE", folder.resolve("hub").toString());
        environment.put("PARLO_CACHE_DIR", folder.resolve("cache").toString());
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        Path home = ProjectFiles.root();
        Settings read = SettingsLoader.load(environment, Map.of(), home);
        Wiring wiring = Wiring.real();
        application =
                Application.start(
                        read,
                        home,
                        Devices.onCpu(),
                        wiring.speechToText().apply(read, Devices.onCpu()),
                        wiring.audio().apply(read));
        client = new SpeechClient(application.url());
    }

    /** The hundred sentences. */
    static List<String> sentences() {
        try (InputStream in = SpeakingServer.class.getResourceAsStream("round-trip.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Encoders that hold native memory now. */
    int openEncoders() {
        return application.speech().encoders().openEncoders();
    }

    SpeechClient client() {
        return client;
    }

    /** What espeak-ng says in a format, as the built-in Whisper hears it. */
    String roundTrip(String text, String voice, String format) throws Exception {
        Map<String, Object> request = SpeechClient.request(text, voice, format);
        switch (format) {
            case "pcm" -> {
                request.put("sample_rate", 16_000);
                return client.heard(client.audio(request), "audio/pcm");
            }
            case "mulaw", "alaw" -> {
                request.put("sample_rate", 16_000);
                return client.heard(
                        wave(client.audio(request), format.equals("mulaw") ? 7 : 6), "audio/wav");
            }
            default -> {
                return client.heard(client.audio(request), "application/octet-stream");
            }
        }
    }

    /** G.711 at 16 kHz with a RIFF header before it, so that a decoder knows what it is. */
    private static byte[] wave(byte[] samples, int code) {
        return ByteBuffer.allocate(44 + samples.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(36 + samples.length)
                .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
                .putInt(16)
                .putShort((short) code)
                .putShort((short) 1)
                .putInt(16_000)
                .putInt(16_000)
                .putShort((short) 1)
                .putShort((short) 8)
                .put("data".getBytes(StandardCharsets.US_ASCII))
                .putInt(samples.length)
                .put(samples)
                .array();
    }

    @Override
    public void close() {
        client.close(); // first: the server waits for open connections
        application.close();
    }
}
