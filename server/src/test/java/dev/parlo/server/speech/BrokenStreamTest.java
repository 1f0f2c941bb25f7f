package dev.parlo.server.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.http.RawConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An engine that fails when a part of the answer is out already. */
final class BrokenStreamTest {
    private static final String LAST_CHUNK = "\r\n0\r\n\r\n";

    @TempDir static Path folder;
    private static ToneServer server;

    @BeforeAll
    static void start() {
        server = new ToneServer(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String answer(String path, String json) throws IOException {
        return answer(path, "1.1", json);
    }

    private static String answer(String path, String version, String json) throws IOException {
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        try (RawConnection client = new RawConnection(server.port())) {
            return client.send(
                            "POST "
                                    + path
                                    + " HTTP/"
                                    + version
                                    + "\r\nHost: localhost\r\nContent-Type:"
                                    + " application/json\r\nContent-Length: "
                                    + body.length
                                    + "\r\nConnection: close\r\n\r\n")
                    .send(body)
                    .readAll();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/audio/speech | {'model':'m','voice':'tone','input':'%s'}",
                "/v1/audio/speech | {'model':'m','voice':'tone','input':'%s','response_format':'pcm'}",
                "/v1/audio/speech | {'model':'m','voice':'tone','input':'%s','stream_format':'sse'}",
                "/dev/captioned_speech | {'model':'m','voice':'tone','input':'%s','stream':true}",
                "/v1/text-to-speech/tone | {'text':'%s'}",
                "/v1/text-to-speech/tone/stream | {'text':'%s'}",
                "/v1/text-to-speech/tone/stream/with-timestamps | {'text':'%s'}",
                "/v1/tts | {'text':'%s','format':'pcm'}"
            })
    void aStreamThatFailsInItsMiddleNeverLooksWhole(String path, String json) throws IOException {
        String whole = answer(path, json.replace("%s", "A sentence. Another one."));
        assertThat(whole).startsWith("HTTP/1.1 200 ").endsWith(LAST_CHUNK);
        String broken = answer(path, json.replace("%s", "A sentence. " + ToneServer.FAILING));
        assertThat(broken).startsWith("HTTP/1.1 200 ").contains("Transfer-Encoding: chunked");
        if (json.contains("sse")) {
            // an event tells, which clients would lose with the connection
            assertThat(broken).contains("\"type\":\"error\"").endsWith(LAST_CHUNK);
        } else {
            assertThat(broken).doesNotEndWith("0\r\n\r\n");
        }
        Awaitility.await().pollDelay(Duration.ZERO).until(() -> server.leases() == 0);
    }

    @Test
    void withoutChunksTheConnectionIsReset() throws IOException {
        String json = "{'model':'m','voice':'tone','response_format':'pcm','input':'%s'}";
        String whole = answer("/v1/audio/speech", "1.0", json.replace("%s", "A sentence."));
        assertThat(whole).doesNotContain("chunked");
        String text = "A sentence. " + ToneServer.FAILING;
        byte[] body = json.replace("%s", text).replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        try (RawConnection client = new RawConnection(server.port())) {
            client.send(
                            "POST /v1/audio/speech HTTP/1.0\r\nHost: localhost\r\nContent-Length: "
                                    + body.length
                                    + "\r\n\r\n")
                    .send(body);
            assertThat(client.endsInReset()).isTrue();
        }
    }
}
