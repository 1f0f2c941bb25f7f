package dev.parlo.server.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.http.Json;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Texts that are meant to do harm. Each is answered, with sound or with a reason, long before its
 * time is up, and the next request finds the server as it was.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HostileTextTest {
    private static final int MANY = 60_000;

    @TempDir static Path folder;
    private static SpeakingServer server;

    @BeforeAll
    static void start() {
        // Without limits: what may be endless must do no harm either.
        server =
                new SpeakingServer(folder, "MAX_SPEECH_CHARACTERS", "0", "MAX_SPEECH_SILENCE", "0");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void theServerIsUnharmed() throws Exception {
        assertThat(server.client().audio(SpeechClient.request("Hello.", "en-us", "pcm")).length)
                .isBetween(10_000, 100_000);
    }

    static Stream<Arguments> silent() {
        return Stream.of(
                Arguments.of("emoji", "😀👩‍👩‍👧‍👦🇫🇷".repeat(5_000)),
                Arguments.of("markdown", "**__##``~~>>--".repeat(5_000)),
                Arguments.of(
                        "control characters", "\u0000\u0001\u0007\u001b\u007f\u0085".repeat(5_000)),
                Arguments.of("lone surrogates", "\ud800\udc00\udc00\ud800 \udfff".repeat(5_000)),
                Arguments.of("invisible", "\u200b\u200e\u2060\ufeff\u00ad".repeat(5_000)),
                Arguments.of("brackets", "([{<".repeat(MANY / 4)),
                Arguments.of("stops", ".".repeat(MANY)),
                Arguments.of("private use", "\ue000\uf8ff".repeat(5_000)),
                Arguments.of("line ends", "\r\n\u2028\u2029\u000b".repeat(5_000)));
    }

    /** Punctuation may be named or passed over; either way there is an answer. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("silent")
    void whatHasNoSoundIsSaidSo(String what, String text) throws Exception {
        HttpResponse<InputStream> answer = beginning(text, Map.of());
        if (answer.statusCode() == 200) {
            read(answer);
            return;
        }
        assertThat(answer.statusCode()).isEqualTo(400);
        String body = new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(Json.mapper().readTree(body).path("error").path("message").asString())
                .startsWith("There is nothing in the input that can be spoken: send");
    }

    static Stream<Arguments> sounding() {
        return Stream.of(
                Arguments.of(
                        "a megabyte",
                        "It was a dark and stormy night; the rain fell. ".repeat(25_000)),
                Arguments.of("one sentence", "and so it went on ".repeat(MANY / 10)),
                Arguments.of("one word", "x".repeat(MANY)),
                Arguments.of("one long word of syllables", "banana".repeat(10_000)),
                Arguments.of("nesting", "[".repeat(MANY / 2) + "a" + "]".repeat(MANY / 2)),
                Arguments.of("half links", "[a](".repeat(MANY / 4)),
                Arguments.of("half pauses", "[pause:1".repeat(MANY / 8) + " a"),
                Arguments.of("many pauses", "[pause:60s]".repeat(10_000) + " a"),
                Arguments.of("half pronunciations", "[a](/".repeat(MANY / 5)),
                Arguments.of("emphasis", "*a_".repeat(MANY / 3)),
                Arguments.of("digits", "7".repeat(MANY)),
                Arguments.of("commas in digits", "1,".repeat(MANY / 2)),
                Arguments.of("dots in letters", "a.".repeat(MANY / 2)),
                Arguments.of("at signs", "a@".repeat(MANY / 2)),
                Arguments.of("addresses", "http://a.b/".repeat(MANY / 11)),
                Arguments.of("colons", "1:".repeat(MANY / 2)),
                Arguments.of("money", "$1k".repeat(MANY / 3)),
                Arguments.of("numerals", "IVXLCDM".repeat(MANY / 7)),
                Arguments.of("accents", "e" + "\u0301".repeat(MANY)),
                Arguments.of("directions", "\u202ea\u202db".repeat(MANY / 4)),
                Arguments.of("tags", "<a>".repeat(MANY / 3)),
                Arguments.of("ideographs", "漢".repeat(MANY / 10)),
                Arguments.of("espeak's own marks", "[[a]] <say-as> &#1; \u0001 ".repeat(2_000)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sounding")
    void theFirstSoundComesAndTheRestMayBeLeft(String what, String text) throws Exception {
        HttpResponse<InputStream> answer = beginning(text, Map.of());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(read(answer)).isEqualTo(2_000);
    }

    /** A "word" of a megabyte comes back in pieces that are no longer than words. */
    @Test
    void timesOfWordsStaySmall() throws Exception {
        Map<String, Object> more = Map.of("stream_format", "sse", "timestamps", true);
        HttpResponse<InputStream> answer = beginning("la-".repeat(300_000), more);
        assertThat(answer.statusCode()).isEqualTo(200);
        byte[] first;
        try (InputStream body = answer.body()) {
            first = body.readNBytes(500_000);
        }
        for (String event : new String(first, StandardCharsets.UTF_8).split("\n\n")) {
            int words = event.indexOf("\"timestamps\"");
            assertThat(words < 0 ? 0 : event.length() - words).isLessThan(200_000);
        }
    }

    private static HttpResponse<InputStream> beginning(String text, Map<String, Object> more)
            throws Exception {
        Map<String, Object> request =
                new LinkedHashMap<>(SpeechClient.request(text, "en-us", "pcm"));
        request.putAll(more);
        return server.client()
                .http()
                .send(server.client().post(request), BodyHandlers.ofInputStream());
    }

    private static int read(HttpResponse<InputStream> answer) throws Exception {
        try (InputStream body = answer.body()) {
            return body.readNBytes(2_000).length;
        }
    }
}
