package dev.parlo.server.realtime;

import dev.parlo.engine.audio.AudioEncoder;
import dev.parlo.engine.audio.AudioEncoders;
import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.server.DoorServer;
import dev.parlo.server.SocketClient;
import dev.parlo.server.http.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A client of the Realtime protocol that keeps what it hears. */
final class RealtimeClient {
    static final int RATE = 24_000;

    private final SocketClient socket;
    private final List<JsonNode> events = new ArrayList<>();
    private int read;

    RealtimeClient(SocketClient socket) {
        this.socket = socket;
    }

    static RealtimeClient connect(DoorServer server, String query, String... headers)
            throws Exception {
        return new RealtimeClient(server.connect("/v1/realtime" + query, headers));
    }

    /** What somebody says, 16-bit samples at 24 kHz, with a little silence around it. */
    static byte[] speech(DoorServer server, String text) throws Exception {
        byte[] spoken =
                server.postJson(
                                "/v1/audio/speech",
                                "{\"model\":\"espeak-ng/espeak-ng\",\"input\":\""
                                        + text
                                        + "\",\"voice\":\"en-us\",\"response_format\":\"pcm\","
                                        + "\"sample_rate\":24000}")
                        .body();
        if (spoken.length < RATE) {
            throw new AssertionError(new String(spoken, StandardCharsets.UTF_8));
        }
        return spoken;
    }

    static byte[] silence(double seconds) {
        return new byte[2 * (int) (seconds * RATE)];
    }

    /** 16-bit samples at 24 kHz, written otherwise. */
    static byte[] encoded(byte[] pcm, AudioFormat format, int rate) throws IOException {
        ShortBuffer shorts = ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        float[] samples = new float[shorts.remaining()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = shorts.get(i) / 32_768f;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (AudioEncoders encoders = new AudioEncoders(1);
                AudioEncoder encoder = encoders.open(format, RATE, rate, bytes)) {
            encoder.write(samples, samples.length);
            encoder.finish();
        }
        return bytes.toByteArray();
    }

    SocketClient socket() {
        return socket;
    }

    void send(String json) {
        socket.send(json.replace('\'', '"'));
    }

    /** Sends audio in messages of 50 ms. */
    void append(byte[] audio) {
        int piece = RATE / 10;
        for (int from = 0; from < audio.length; from += piece) {
            appendWhole(Arrays.copyOfRange(audio, from, Math.min(audio.length, from + piece)));
        }
    }

    /** The same in one message. */
    void appendWhole(byte[] audio) {
        socket.send(
                "{\"type\":\"input_audio_buffer.append\",\"audio\":\""
                        + Base64.getEncoder().encodeToString(audio)
                        + "\"}");
    }

    /** The next event of a type; those before it are kept. */
    JsonNode await(String type) throws InterruptedException {
        while (true) {
            JsonNode event = next();
            if (event.path("type").asString("").equals(type)) {
                return event;
            }
        }
    }

    JsonNode next() throws InterruptedException {
        if (read == events.size()) {
            events.add(socket.json());
        }
        return events.get(read++);
    }

    /** All events so far. */
    List<JsonNode> events() {
        return events;
    }

    /** The types of all events so far; of deltas in a row one. */
    List<String> types() {
        List<String> types = new ArrayList<>();
        for (JsonNode event : events) {
            String type = event.path("type").asString();
            boolean again = type.endsWith(".delta") && types.contains(type);
            if (!again) {
                types.add(type);
            }
        }
        return types;
    }

    /** The deltas of a type, joined. */
    String deltas(String type) {
        StringBuilder text = new StringBuilder();
        for (JsonNode event : events) {
            if (event.path("type").asString().equals(type)) {
                text.append(event.path("delta").asString());
            }
        }
        return text.toString();
    }

    /** Bytes of sound that came in events of a type. */
    int sound(String type) {
        int bytes = 0;
        for (JsonNode event : events) {
            if (event.path("type").asString().equals(type)) {
                bytes += Base64.getDecoder().decode(event.path("delta").asString()).length;
            }
        }
        return bytes;
    }

    static JsonNode json(String text) {
        return Json.mapper().readTree(text.replace('\'', '"'));
    }

    /** A message of the user as an item. */
    static String message(String id, String text) {
        return "{'id':'"
                + id
                + "','type':'message','role':'user','content':"
                + "[{'type':'input_text','text':'"
                + text
                + "'}]}";
    }

    /** A message of the user, to be added to the conversation. */
    static String item(String id, String text) {
        return "{'type':'conversation.item.create','item':" + message(id, text) + "}";
    }
}
