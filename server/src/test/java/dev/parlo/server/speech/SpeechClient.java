package dev.parlo.server.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.audio.AudioDecoder;
import dev.parlo.engine.audio.AudioLimits;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.server.http.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What a client asks of a server that speaks. */
final class SpeechClient implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final String url;

    SpeechClient(String url) {
        this.url = url;
    }

    /** A request for speech. */
    static Map<String, Object> request(String text, String voice, String format) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("model", BuiltInEspeak.ID);
        request.put("input", text);
        request.put("voice", voice);
        request.put("response_format", format);
        return request;
    }

    HttpClient http() {
        return client;
    }

    HttpRequest post(Map<String, Object> body) {
        return HttpRequest.newBuilder(URI.create(url + "/v1/audio/speech"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Json.mapper().writeValueAsString(body)))
                .build();
    }

    HttpResponse<byte[]> speech(Map<String, Object> body) throws Exception {
        return client.send(post(body), BodyHandlers.ofByteArray());
    }

    byte[] audio(Map<String, Object> body) throws Exception {
        return ok(speech(body));
    }

    /** The pieces of an answer in events. */
    List<byte[]> deltas(Map<String, Object> request) throws Exception {
        Map<String, Object> events = new LinkedHashMap<>(request);
        events.put("stream_format", "sse");
        List<byte[]> deltas = new ArrayList<>();
        for (String block : new String(audio(events), StandardCharsets.UTF_8).split("\n\n")) {
            if (block.startsWith("data: ")) {
                JsonNode event = Json.mapper().readTree(block.substring(6));
                if (event.path("type").asString().equals("speech.audio.delta")) {
                    deltas.add(Base64.getDecoder().decode(event.path("audio").asString()));
                }
            }
        }
        return deltas;
    }

    JsonNode get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path)).build();
        return Json.mapper().readTree(ok(client.send(request, BodyHandlers.ofByteArray())));
    }

    /** What the built-in Whisper hears. */
    String heard(byte[] audio, String type) throws Exception {
        String head =
                "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n"
                        + SpeakingServer.WHISPER
                        + "\r\n--b\r\nContent-Disposition: form-data; name=\"file\";"
                        + " filename=\"speech\"\r\nContent-Type: "
                        + type
                        + "\r\n\r\n";
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/v1/audio/transcriptions"))
                        .header("Content-Type", "multipart/form-data; boundary=b")
                        .POST(
                                BodyPublishers.concat(
                                        BodyPublishers.ofString(head),
                                        BodyPublishers.ofByteArray(audio),
                                        BodyPublishers.ofString("\r\n--b--\r\n")))
                        .build();
        return Json.mapper()
                .readTree(ok(client.send(request, BodyHandlers.ofByteArray())))
                .path("text")
                .asString();
    }

    private static byte[] ok(HttpResponse<byte[]> response) {
        if (response.statusCode() != 200) {
            assertThat(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo("200");
        }
        return response.body();
    }

    /** The samples of a file of audio at 16 kHz, by this program's own decoder. */
    static float[] decoded(byte[] audio, Path folder) throws Exception {
        Path file = Files.write(Files.createTempFile(folder, "speech", ""), audio);
        float[] all = new float[1 << 16];
        int length = 0;
        try (AudioDecoder decoder = new AudioDecoder(1, new AudioLimits(1 << 28, 600))) {
            float[] block = new float[16_000];
            AudioSource source = decoder.open(file);
            try (AudioSource.Reader reader = source.open()) {
                for (int n = reader.read(block); n > 0; n = reader.read(block)) {
                    if (length + n > all.length) {
                        all = Arrays.copyOf(all, 2 * all.length + n);
                    }
                    System.arraycopy(block, 0, all, length, n);
                    length += n;
                }
            }
        }
        return Arrays.copyOf(all, length);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
