package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.http.Json;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import tools.jackson.databind.JsonNode;

/**
 * EchoKit's clients with the models, voices and speakers of its sample configurations: what they
 * send, how long they wait and what they can read.
 */
final class EchoKitTest {
    private static final String TEXT = "Hello from EchoKit. How are you?";

    /** EchoKit waits for 15 s; this machine may be busy. */
    private static final Duration TIMEOUT = Duration.ofSeconds(120);

    @TempDir static Path home;
    private static DoorServer server;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        server = DoorServer.start(home, "API_KEY", "sk-echo");
    }

    @AfterAll
    static void stop() {
        server.close();
        CLIENT.close();
    }

    private static HttpResponse<byte[]> post(String path, String type, byte[] body, String... more)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.uri(path))
                        .timeout(TIMEOUT)
                        .header("authorization", "Bearer sk-echo")
                        .header("content-type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (more.length > 0) {
            request.headers(more);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Seconds of a WAV file, read as EchoKit reads it: unknown lengths mean "to the end". */
    private static double wavSeconds(byte[] wav) {
        ByteBuffer in = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(new String(wav, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("RIFF");
        int rate = 0;
        int frame = 0;
        for (int at = 12; at + 8 <= wav.length; ) {
            String name = new String(wav, at, 4, StandardCharsets.US_ASCII);
            long size = in.getInt(at + 4) & 0xFFFFFFFFL;
            if (name.equals("fmt ")) {
                assertThat(in.getShort(at + 8)).as("PCM").isEqualTo((short) 1);
                assertThat(in.getShort(at + 10)).as("mono").isEqualTo((short) 1);
                rate = in.getInt(at + 12);
                frame = in.getShort(at + 20);
            } else if (name.equals("data")) {
                long rest = wav.length - at - 8L;
                return (double) (size == 0 || size == 0xFFFFFFFFL ? rest : Math.min(size, rest))
                        / frame
                        / rate;
            }
            at = (int) Math.min(Integer.MAX_VALUE, at + 8L + size + size % 2);
        }
        throw new AssertionError("no data chunk");
    }

    @ParameterizedTest
    @CsvSource({"gpt-4o-mini-tts,ash", "playai-tts,Fritz-PlayAI", "gpt-4o-mini-tts,alloy"})
    void openai(String model, String voice) throws Exception {
        HttpResponse<byte[]> response =
                post(
                        "/v1/audio/speech",
                        "application/json",
                        String.format(
                                        Locale.ROOT,
                                        "{\"model\":\"%s\",\"voice\":\"%s\",\"input\":\"%s\",\"response_format\":\"wav\"}",
                                        model,
                                        voice,
                                        TEXT)
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(wavSeconds(response.body())).isBetween(1.0, 6.0);
    }

    @Test
    void gsv() throws Exception {
        // no model, no voice, no format; "texan" is an unknown voice
        HttpResponse<byte[]> response =
                post(
                        "/v1/audio/speech",
                        "application/json",
                        ("{\"speaker\":\"texan\",\"input\":\"" + TEXT + "\",\"sample_rate\":16000}")
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(response.statusCode()).isEqualTo(200);
        byte[] wav = response.body();
        ByteBuffer header = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(header.getInt(24)).isEqualTo(16_000);
        assertThat(header.getInt(40)).as("a complete file").isEqualTo(wav.length - 44);
        assertThat(wavSeconds(wav)).isBetween(1.0, 6.0);
        assertThat(response.headers().firstValue("X-Parlo-Voice")).contains("en-us+f2");
    }

    @Test
    void streamGsv() throws Exception {
        HttpResponse<byte[]> response =
                post(
                        "/v1/audio/stream_speech",
                        "application/json",
                        ("{\"speaker\":\"texan\",\"input\":\"" + TEXT + "\",\"sample_rate\":16000}")
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body().length % 2).isZero();
        assertThat(response.body().length / 32_000.0).isBetween(1.0, 6.0);
        assertThat(new String(response.body(), 0, 4, StandardCharsets.US_ASCII))
                .isNotEqualTo("RIFF");
        assertThat(response.headers().firstValue("X-Parlo-Voice")).contains("en-us+f2");
        assertThat(response.headers().firstValue("Content-Type")).contains("audio/pcm;rate=16000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/text-to-speech", "/v1/text-to-speech/"}) // as its samples have it
    void elevenLabs(String url) throws Exception {
        SocketClient client =
                server.connect(
                        url
                                + "/YOUR-VOICE-ID/stream-input?model_id=eleven_flash_v2_5"
                                + "&output_format=pcm_16000&language_code=en",
                        "xi-api-key",
                        "sk-echo");
        client.send("{\"text\":\"" + TEXT + "\",\"flush\":true}");
        client.send("{\"text\":\"\"}");
        ByteArrayOutputStream pcm = new ByteArrayOutputStream();
        while (true) {
            JsonNode message = client.json();
            // plain strings with defaults in EchoKit: a null would be a failure
            assertThat(message.has("error")).isFalse();
            assertThat(message.has("message")).isFalse();
            if (!message.path("audio").isString() && message.path("isFinal").asBoolean(false)) {
                break;
            }
            // it drops audio that comes without
            assertThat(message.path("alignment").path("chars").isArray()).isTrue();
            pcm.writeBytes(Base64.getDecoder().decode(message.path("audio").asString()));
        }
        assertThat(pcm.size() / 32_000.0).isBetween(1.0, 6.0);
        assertThat(client.closeCode()).isEqualTo(1000);
    }

    @Test
    void fish() throws Exception {
        HttpResponse<byte[]> response =
                post("/v1/tts", "application/msgpack", fishRequest(), "model", "s1");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(wavSeconds(response.body())).isBetween(1.0, 6.0);
        assertThat(response.headers().firstValue("X-Parlo-Voice")).contains("en-us+f2");
    }

    private static byte[] fishRequest() throws Exception {
        try (MessageBufferPacker out = MessagePack.newDefaultBufferPacker()) {
            out.packMapHeader(7);
            out.packString("text").packString(TEXT);
            out.packString("chunk_length").packInt(200);
            out.packString("format").packString("wav");
            out.packString("mp3_bitrate").packInt(128);
            out.packString("reference_id").packString("54a5170264694bfc8e9ad98df7bd89c3");
            out.packString("normalize").packBoolean(true);
            out.packString("latency").packString("normal");
            return out.toByteArray();
        }
    }

    @Test
    void cosyVoice() throws Exception {
        SocketClient client =
                server.connect(
                        "/api-ws/v1/inference",
                        "Authorization",
                        "Bearer sk-echo",
                        "X-DashScope-DataInspection",
                        "enable");
        for (String task : new String[] {"one", "two"}) { // it keeps the connection
            client.send(
                    String.format(
                            Locale.ROOT,
                            """
                            {"header":{"action":"run-task","task_id":"%s","streaming":"duplex"},
                             "payload":{"task_group":"audio","task":"tts","function":"SpeechSynthesizer",
                              "model":"cosyvoice-v2","parameters":{"text_type":"PlainText",
                              "voice":"longhua_v2","format":"pcm","sample_rate":16000,"volume":50,"rate":1,
                              "pitch":1},"input":{"text":"%s"}}}
                            """,
                            task,
                            TEXT));
            JsonNode first = client.json(); // anything else is an error for EchoKit
            assertThat(first.path("header").path("event").asString()).isEqualTo("task-started");
            assertThat(first.path("header").path("attributes").path("X-Parlo-Voice").asString())
                    .isEqualTo("en-us+f2");
            client.send(
                    String.format(
                            Locale.ROOT,
                            """
                            {"header":{"action":"finish-task","task_id":"%s","streaming":"duplex"},
                             "payload":{"input":{}}}
                            """,
                            task));
            assertThat(pcmOfTask(client, task) / 32_000.0).isBetween(1.0, 6.0);
        }
    }

    private static int pcmOfTask(SocketClient client, String task) throws Exception {
        int bytes = 0;
        while (true) {
            SocketClient.Received message = client.next();
            assertThat(message.closeCode()).isZero();
            if (message.bytes() != null) {
                bytes += message.bytes().length;
                continue;
            }
            JsonNode header = Json.mapper().readTree(message.text()).path("header");
            assertThat(header.path("task_id").asString()).isEqualTo(task);
            String event = header.path("event").asString();
            if (event.equals("task-finished")) {
                return bytes;
            }
            assertThat(event).isEqualTo("result-generated");
        }
    }

    @Test
    void transcription() throws Exception {
        byte[] wav = new byte[44 + 32_000];
        ByteBuffer.wrap(wav)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(36 + 32_000)
                .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
                .putInt(16)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(16_000)
                .putInt(32_000)
                .putShort((short) 2)
                .putShort((short) 16)
                .put("data".getBytes(StandardCharsets.US_ASCII))
                .putInt(32_000);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        part(body, "file\"; filename=\"audio.wav", "Content-Type: audio/wav\r\n", wav);
        part(body, "language", "", "en".getBytes(StandardCharsets.UTF_8));
        part(body, "model", "", "whisper".getBytes(StandardCharsets.UTF_8));
        part(body, "prompt", "", "Hello\n你好".getBytes(StandardCharsets.UTF_8));
        body.writeBytes("--echo--\r\n".getBytes(StandardCharsets.UTF_8));
        HttpResponse<byte[]> response =
                post(
                        "/v1/audio/transcriptions",
                        "multipart/form-data; boundary=echo",
                        body.toByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        String text = Json.mapper().readTree(response.body()).path("text").asString();
        // EchoKit takes what begins like this for noise, and cuts up to "] "
        assertThat(text.strip()).isNotEmpty().doesNotStartWith("(").doesNotContain("] ");
    }

    private static void part(ByteArrayOutputStream body, String name, String header, byte[] value) {
        body.writeBytes(
                ("--echo\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n" + header)
                        .getBytes(StandardCharsets.UTF_8));
        body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        body.writeBytes(value);
        body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
    }
}
