package dev.parlo.benchmarks.speech;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import tools.jackson.databind.ObjectMapper;

/** One protocol of speech, as its clients use it. Thread-safe. */
interface SpeechDoor {
    String name();

    /** Speaks a text to its end; milliseconds from its last byte to the first one of audio. */
    double firstSound(String text) throws Exception;

    /** All of them, asking for one model and voice. */
    static List<SpeechDoor> all(URI address, String model, String voice) {
        String quoted = URLEncoder.encode(model, StandardCharsets.UTF_8);
        return List.of(
                post(
                        address,
                        "OpenAI `/v1/audio/speech`, wav",
                        "/v1/audio/speech",
                        text ->
                                json(
                                        Map.of(
                                                "model",
                                                model,
                                                "voice",
                                                voice,
                                                "input",
                                                text,
                                                "response_format",
                                                "wav"))),
                post(
                        address,
                        "gsv: the same with `speaker`, a complete file",
                        "/v1/audio/speech",
                        text -> speaker(model, voice, text)),
                post(
                        address,
                        "stream_gsv `/v1/audio/stream_speech`",
                        "/v1/audio/stream_speech",
                        text -> speaker(model, voice, text)),
                post(
                        address,
                        "ElevenLabs `/v1/text-to-speech/{voice}/stream`",
                        "/v1/text-to-speech/" + voice + "/stream?output_format=pcm_16000",
                        text -> json(Map.of("model_id", model, "text", text))),
                socket(
                        address,
                        "ElevenLabs `stream-input`",
                        "/v1/text-to-speech/"
                                + voice
                                + "/stream-input?output_format=pcm_16000&model_id="
                                + quoted,
                        Map.of(),
                        (socket, text) -> {
                            socket.sendText(
                                            new String(
                                                    json(Map.of("text", text, "flush", true)),
                                                    StandardCharsets.UTF_8),
                                            true)
                                    .join();
                            long sent = System.nanoTime();
                            socket.sendText("{\"text\":\"\"}", true).join();
                            return sent;
                        }),
                post(
                        address,
                        "Fish Audio `/v1/tts`, MessagePack",
                        "/v1/tts",
                        text -> fish(text, voice),
                        "application/msgpack",
                        model),
                socket(
                        address,
                        "Fish Audio `/v1/tts/live`",
                        "/v1/tts/live",
                        Map.of("model", model),
                        (socket, text) -> {
                            socket.sendBinary(
                                            ByteBuffer.wrap(
                                                    event("start", "request", fish("", voice))),
                                            true)
                                    .join();
                            socket.sendBinary(
                                            ByteBuffer.wrap(event("text", "text", string(text))),
                                            true)
                                    .join();
                            long sent = System.nanoTime();
                            socket.sendBinary(
                                            ByteBuffer.wrap(event("stop", null, new byte[0])), true)
                                    .join();
                            return sent;
                        }),
                socket(
                        address,
                        "CosyVoice `/api-ws/v1/inference`",
                        "/api-ws/v1/inference",
                        Map.of(),
                        (socket, text) -> {
                            String id = UUID.randomUUID().toString();
                            Map<String, Object> parameters =
                                    Map.of("voice", voice, "format", "pcm", "sample_rate", 16000);
                            socket.sendText(
                                            task(
                                                    "run-task",
                                                    id,
                                                    Map.of(
                                                            "task",
                                                            "tts",
                                                            "model",
                                                            model,
                                                            "parameters",
                                                            parameters,
                                                            "input",
                                                            Map.of("text", text))),
                                            true)
                                    .join();
                            long sent = System.nanoTime();
                            socket.sendText(
                                            task("finish-task", id, Map.of("input", Map.of())),
                                            true)
                                    .join();
                            return sent;
                        }));
    }

    /** Makes the body of a request. */
    interface Body {
        byte[] of(String text) throws IOException;
    }

    /** Sends a text; gives the time at which its last byte was sent. */
    interface Sender {
        long send(WebSocket socket, String text) throws IOException;
    }

    private static SpeechDoor post(URI address, String name, String path, Body body) {
        return post(address, name, path, body, "application/json", "");
    }

    private static SpeechDoor post(
            URI address, String name, String path, Body body, String type, String model) {
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        return new SpeechDoor() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public double firstSound(String text) throws Exception {
                HttpRequest.Builder request =
                        HttpRequest.newBuilder(address.resolve(path))
                                .header("Content-Type", type)
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body.of(text)));
                if (!model.isEmpty()) {
                    request.header("model", model);
                }
                long sent = System.nanoTime();
                HttpResponse<InputStream> response =
                        client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
                try (InputStream in = response.body()) {
                    int first = in.read();
                    final double milliseconds = (System.nanoTime() - sent) / 1e6;
                    in.transferTo(OutputStream.nullOutputStream());
                    if (response.statusCode() != 200 || first < 0) {
                        throw new IOException(name + ": " + response.statusCode());
                    }
                    return milliseconds;
                }
            }
        };
    }

    private static SpeechDoor socket(
            URI address, String name, String path, Map<String, String> headers, Sender sender) {
        HttpClient client = HttpClient.newHttpClient();
        URI uri = URI.create(address.resolve(path).toString().replaceFirst("^http", "ws"));
        return new SpeechDoor() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public double firstSound(String text) throws Exception {
                Ear ear = new Ear();
                WebSocket.Builder builder = client.newWebSocketBuilder();
                headers.forEach(builder::header);
                WebSocket socket = builder.buildAsync(uri, ear).get(60, TimeUnit.SECONDS);
                long sent = sender.send(socket, text);
                long heard = ear.heard.get(120, TimeUnit.SECONDS);
                ear.over.get(120, TimeUnit.SECONDS);
                socket.abort();
                return (heard - sent) / 1e6;
            }
        };
    }

    /** Notes when the first audio came, and when all of it had. */
    final class Ear implements WebSocket.Listener {
        final CompletableFuture<Long> heard = new CompletableFuture<>();
        final CompletableFuture<Boolean> over = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (text.indexOf("{\"audio\":\"") == 0) {
                heard.complete(System.nanoTime());
            }
            if (last) {
                if (text.indexOf("\"isFinal\":true") >= 0 || text.indexOf("task-finished") >= 0) {
                    over.complete(true);
                } else if (text.indexOf("task-failed") >= 0 || text.indexOf("\"error\"") >= 0) {
                    failed(new IOException(text.toString()));
                }
                text.setLength(0);
            }
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            // Fish Audio's events are binary, too; the last of them is short
            if (data.remaining() > 200) {
                heard.complete(System.nanoTime());
            }
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            over.complete(true);
            failed(new IOException("closed with " + code + " " + reason));
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            failed(error);
        }

        private void failed(Throwable why) {
            heard.completeExceptionally(why);
            over.completeExceptionally(why);
        }
    }

    private static byte[] json(Map<String, Object> fields) {
        return new ObjectMapper().writeValueAsBytes(fields);
    }

    private static String task(String action, String id, Map<String, Object> payload) {
        return new ObjectMapper()
                .writeValueAsString(
                        Map.of(
                                "header",
                                Map.of("action", action, "task_id", id, "streaming", "duplex"),
                                "payload",
                                payload));
    }

    private static byte[] string(String text) throws IOException {
        try (MessageBufferPacker out = MessagePack.newDefaultBufferPacker()) {
            out.packString(text);
            return out.toByteArray();
        }
    }

    /** As GPT-SoVITS' clients ask. */
    private static byte[] speaker(String model, String voice, String text) {
        return json(Map.of("model", model, "speaker", voice, "input", text, "sample_rate", 16000));
    }

    /** What EchoKit sends. */
    private static byte[] fish(String text, String voice) throws IOException {
        try (MessageBufferPacker out = MessagePack.newDefaultBufferPacker()) {
            out.packMapHeader(7);
            out.packString("text").packString(text);
            out.packString("chunk_length").packInt(200);
            out.packString("format").packString("wav");
            out.packString("mp3_bitrate").packInt(128);
            out.packString("reference_id").packString(voice);
            out.packString("normalize").packBoolean(true);
            out.packString("latency").packString("normal");
            return out.toByteArray();
        }
    }

    private static byte[] event(String name, @Nullable String key, byte[] value)
            throws IOException {
        try (MessageBufferPacker out = MessagePack.newDefaultBufferPacker()) {
            out.packMapHeader(key == null ? 1 : 2);
            out.packString("event").packString(name);
            if (key != null) {
                out.packString(key);
                out.addPayload(value);
            }
            return out.toByteArray();
        }
    }
}
