package dev.parlo.server.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.DoorServer;
import dev.parlo.server.http.Json;
import dev.parlo.server.llm.FakeLlm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A server before each kind of language model, and what a client sends to it. */
abstract class ChatServers {
    static final String PATH = "/v1/chat/completions";
    @TempDir static Path folder;

    /** The models and a server before each; they are shared, as a start takes a second. */
    private static final Map<FakeLlm.Kind, FakeLlm> MODELS = new EnumMap<>(FakeLlm.Kind.class);

    private static final Map<FakeLlm.Kind, DoorServer> SERVERS = new EnumMap<>(FakeLlm.Kind.class);
    @TempDir Path home;

    @BeforeAll
    static void start() throws IOException {
        for (FakeLlm.Kind kind : FakeLlm.Kind.values()) {
            FakeLlm llm = FakeLlm.start(kind);
            MODELS.put(kind, llm);
            SERVERS.put(kind, server(folder.resolve(kind.name()), llm));
        }
    }

    @BeforeEach
    void forget() {
        MODELS.values().forEach(FakeLlm::forget);
    }

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(DoorServer::close);
        MODELS.values().forEach(FakeLlm::close);
    }

    static DoorServer server(Path home, FakeLlm llm, String... more) throws IOException {
        List<String> settings =
                new ArrayList<>(
                        List.of(
                                "CHAT_COMPLETION_BASE_URL",
                                llm.url(),
                                "CHAT_COMPLETION_API_KEY",
                                FakeLlm.KEY));
        settings.addAll(List.of(more));
        return DoorServer.start(home, settings.toArray(String[]::new));
    }

    static FakeLlm model(FakeLlm.Kind kind) {
        return Objects.requireNonNull(MODELS.get(kind));
    }

    static DoorServer server(FakeLlm.Kind kind) {
        return Objects.requireNonNull(SERVERS.get(kind));
    }

    static ObjectNode request(FakeLlm llm, String text) {
        ObjectNode request = Json.mapper().createObjectNode().put("model", llm.model());
        request.putArray("messages").addObject().put("role", "user").put("content", text);
        return request;
    }

    static ObjectNode spoken(FakeLlm llm, String format) {
        ObjectNode request = request(llm, "Hi");
        request.putArray("modalities").add("text").add("audio");
        request.putObject("audio").put("voice", "alloy").put("format", format);
        return request;
    }

    static JsonNode ask(DoorServer server, ObjectNode request) throws Exception {
        HttpResponse<byte[]> answer = server.postJson(PATH, Json.text(request));
        assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(200);
        return Json.mapper().readTree(answer.body());
    }

    /** The data of the events; the last one, which is not JSON, is checked. */
    static List<JsonNode> events(DoorServer server, ObjectNode request) throws Exception {
        HttpResponse<byte[]> answer = server.postJson(PATH, Json.text(request.put("stream", true)));
        String text = new String(answer.body(), UTF_8);
        assertThat(answer.statusCode()).as(text).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type"))
                .contains("text/event-stream; charset=utf-8");
        List<String> data =
                text.lines()
                        .filter(line -> line.startsWith("data: "))
                        .map(line -> line.substring(6))
                        .toList();
        assertThat(data.getLast()).isEqualTo("[DONE]");
        return data.stream()
                .limit(data.size() - 1)
                .map(line -> (JsonNode) Json.mapper().readTree(line))
                .toList();
    }

    static String joined(List<JsonNode> events, String pointer) {
        StringBuilder all = new StringBuilder();
        events.forEach(event -> all.append(event.at(pointer).asString("")));
        return all.toString();
    }

    /** A second of a tone as a WAV file. */
    static byte[] wav() {
        ByteBuffer wav = ByteBuffer.allocate(44 + 32_000).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(UTF_8)).putInt(36 + 32_000).put("WAVEfmt ".getBytes(UTF_8));
        wav.putInt(16).putShort((short) 1).putShort((short) 1).putInt(16_000).putInt(32_000);
        wav.putShort((short) 2).putShort((short) 16).put("data".getBytes(UTF_8)).putInt(32_000);
        for (int i = 0; i < 16_000; i++) {
            wav.putShort((short) (8000 * Math.sin(i * 0.1)));
        }
        return wav.array();
    }

    static ObjectNode heard(FakeLlm llm, String data, String format) {
        ObjectNode request = request(llm, "");
        ObjectNode message = (ObjectNode) request.path("messages").path(0);
        var parts = message.putArray("content");
        parts.addObject().put("type", "text").put("text", "Answer this:");
        ObjectNode part = parts.addObject().put("type", "input_audio");
        part.putObject("input_audio").put("data", data).put("format", format);
        return request;
    }

    /** An answer that is read while it comes. */
    record Lines(HttpURLConnection connection, BufferedReader reader) implements AutoCloseable {
        static Lines open(DoorServer server, ObjectNode request) throws IOException {
            HttpURLConnection connection =
                    (HttpURLConnection) server.uri(PATH).toURL().openConnection();
            connection.setDoOutput(true);
            connection.setReadTimeout(60_000);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.getOutputStream().write(Json.mapper().writeValueAsBytes(request));
            InputStream in = connection.getInputStream();
            return new Lines(connection, new BufferedReader(new InputStreamReader(in, UTF_8)));
        }

        boolean awaitLine(String part) throws IOException {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.contains(part)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public void close() {
            connection.disconnect();
        }
    }
}
