package dev.parlo.server.fish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.DoorTest;
import dev.parlo.server.SocketClient;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import tools.jackson.databind.JsonNode;

/** Fish Audio's requests and its live speech against a real server. */
final class FishTest extends DoorTest {
    private static byte[] event(String... keysAndValues) throws Exception {
        try (MessageBufferPacker out = MessagePack.newDefaultBufferPacker()) {
            out.packMapHeader(keysAndValues.length / 2);
            for (String text : keysAndValues) {
                out.packString(text);
            }
            return out.toByteArray();
        }
    }

    private static byte[] startEvent(String format) throws Exception {
        try (MessageBufferPacker out = MessagePack.newDefaultBufferPacker()) {
            out.packMapHeader(2);
            out.packString("event").packString("start");
            out.packString("request").packMapHeader(5);
            out.packString("text").packString("");
            out.packString("format").packString(format);
            out.packString("reference_id").packNil();
            out.packString("opus_bitrate").packInt(32_000);
            out.packString("sample_rate").packInt(16_000);
            return out.toByteArray();
        }
    }

    @Test
    void jsonIsTakenToo() throws Exception {
        HttpResponse<byte[]> response =
                server.postJson(
                        "/v1/tts",
                        "{\"text\":\"Hello\",\"format\":\"pcm\",\"sample_rate\":8000,\"reference_id\":null,"
                                + "\"references\":[{\"audio\":\"\",\"text\":\"x\"}],\"prosody\":{\"speed\":1.5,\"volume\":-6}}");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("audio/pcm");
        assertThat(response.headers().firstValue("X-Parlo-Ignored")).contains("references");
        assertThat(response.headers().firstValue("X-Sample-Rate")).contains("8000");
    }

    @Test
    void speedAndVolumeAreHeard() throws Exception {
        byte[] plain = pcm("{\"text\":\"Hello there\",\"format\":\"pcm\"}");
        byte[] fast =
                pcm("{\"text\":\"Hello there\",\"format\":\"pcm\",\"prosody\":{\"speed\":2}}");
        byte[] soft =
                pcm("{\"text\":\"Hello there\",\"format\":\"pcm\",\"prosody\":{\"volume\":-20}}");
        assertThat(fast.length).isLessThan(plain.length * 3 / 4);
        assertThat(peak(soft)).isBetween(peak(plain) / 12, peak(plain) / 8);
    }

    private static byte[] pcm(String json) throws Exception {
        HttpResponse<byte[]> response = server.postJson("/v1/tts", json);
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private static int peak(byte[] pcm) {
        int peak = 0;
        for (int i = 0; i + 1 < pcm.length; i += 2) {
            peak = Math.max(peak, Math.abs((pcm[i] & 0xFF) | (pcm[i + 1] << 8)));
        }
        return peak;
    }

    @Test
    void whatIsWrongIsNamed() throws Exception {
        HttpResponse<byte[]> response =
                server.postJson("/v1/tts", "{\"format\":\"flac\",\"sample_rate\":1}");
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(new String(response.body(), StandardCharsets.UTF_8))
                .contains("text", "format", "sample_rate");
        assertThat(
                        server.post(
                                        "/v1/tts",
                                        new byte[] {1, 2, 3},
                                        "Content-Type",
                                        "application/msgpack")
                                .statusCode())
                .isEqualTo(400);
    }

    @Test
    void liveSpeechIsOneStream() throws Exception {
        SocketClient client = server.connect("/v1/tts/live", "model", "s1");
        client.send(startEvent("wav"));
        client.send(event("event", "text", "text", "Hello there. "));
        JsonNode first = MessagePackReader.map(client.binary());
        assertThat(first.path("event").asString()).isEqualTo("audio");
        byte[] begin = first.path("audio").binaryValue();
        assertThat(new String(begin, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("RIFF");
        client.send(event("event", "text", "text", "How are"));
        client.send(event("event", "flush"));
        JsonNode second = MessagePackReader.map(client.binary());
        assertThat(
                        new String(
                                second.path("audio").binaryValue(),
                                0,
                                4,
                                StandardCharsets.ISO_8859_1))
                .as("one header for all")
                .isNotEqualTo("RIFF");
        client.send(event("event", "something new"));
        client.send(event("event", "text", "text", " you?"));
        client.send(event("event", "stop"));
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        JsonNode last = MessagePackReader.map(client.binary());
        while (last.path("event").asString().equals("audio")) {
            rest.writeBytes(last.path("audio").binaryValue());
            last = MessagePackReader.map(client.binary());
        }
        assertThat(rest.size()).isGreaterThan(5_000);
        assertThat(last.path("event").asString()).isEqualTo("finish");
        assertThat(last.path("reason").asString()).isEqualTo("stop");
        assertThat(client.closeCode()).isEqualTo(1000);
    }

    @Test
    void whatCannotBeReadEndsInAFinishedError() throws Exception {
        for (byte[] message : new byte[][] {{1, 2}, event("event", "text", "text", "no start")}) {
            SocketClient client = server.connect("/v1/tts/live");
            client.send(message);
            JsonNode finish = MessagePackReader.map(client.binary());
            assertThat(finish.path("event").asString()).isEqualTo("finish");
            assertThat(finish.path("reason").asString()).isEqualTo("error");
            assertThat(client.closeCode()).isEqualTo(1008);
        }
    }
}
