package dev.parlo.server.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.audio.AudioDecoder;
import dev.parlo.engine.audio.AudioLimits;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.server.http.Json;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A real server on a free port, with espeak-ng behind it. */
@Tag("locale")
final class SpeechRoutesTest {
    @TempDir static Path cache;
    private static EspeakRoutes routes;

    @BeforeAll
    static void start() {
        routes = new EspeakRoutes(cache);
    }

    @AfterAll
    static void stop() {
        routes.close();
    }

    private static double seconds(byte[] audio) throws Exception {
        Path file = Files.write(Files.createTempFile(cache, "speech", ".bin"), audio);
        AudioSource source = new AudioDecoder(1, new AudioLimits(1 << 28, 600)).open(file, null);
        long samples = 0;
        float[] block = new float[16000];
        try (AudioSource.Reader reader = source.open()) {
            for (int n = reader.read(block); n > 0; n = reader.read(block)) {
                samples += n;
            }
        }
        return samples / 16000.0;
    }

    @ParameterizedTest
    @CsvSource({
        "mp3,audio/mpeg",
        "opus,audio/opus",
        "aac,audio/aac",
        "flac,audio/flac",
        "wav,audio/wav",
        "m4a,audio/mp4",
        "webm,audio/webm"
    })
    void everyFormatDecodesToTheSameLength(String format, String type) throws Exception {
        double expected = routes.speak(",\"response_format\":\"pcm\"").body().length / 2 / 22050.0;
        HttpResponse<byte[]> response = routes.speak(",\"response_format\":\"" + format + "\"");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains(type);
        assertThat(response.headers().firstValue("X-Accel-Buffering")).contains("no");
        assertThat(seconds(response.body())).isBetween(expected - 0.05, expected + 0.12);
    }

    @Test
    void pcmIsTheModelsRateUnlessAnotherIsAskedFor() throws Exception {
        HttpResponse<byte[]> own = routes.speak(",\"response_format\":\"pcm\"");
        HttpResponse<byte[]> other =
                routes.speak(",\"response_format\":\"pcm\",\"sample_rate\":44100");
        assertThat(own.headers().firstValue("Content-Type")).contains("audio/pcm");
        assertThat(own.headers().firstValue("X-Sample-Rate")).contains("22050");
        assertThat((double) other.body().length / own.body().length).isBetween(1.95, 2.05);
    }

    @Test
    void wavHasItsRealSizesWhenTheyAreKnown() throws Exception {
        byte[] whole = routes.speak(",\"response_format\":\"wav\",\"stream\":false").body();
        ByteBuffer header = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(header.getInt(4)).isEqualTo(whole.length - 8);
        assertThat(header.getInt(40)).isEqualTo(whole.length - 44);
        byte[] streamed = routes.speak(",\"response_format\":\"wav\"").body();
        assertThat(ByteBuffer.wrap(streamed).order(ByteOrder.LITTLE_ENDIAN).getInt(40))
                .isEqualTo(-1);
    }

    private static List<String> words(String input, String more) throws Exception {
        JsonNode json =
                Json.mapper()
                        .readTree(
                                routes.post(
                                                "/dev/captioned_speech",
                                                "{\"model\":\"tts-1\",\"voice\":\"en-us\",\"stream\":false,\"input\":\""
                                                        + input
                                                        + "\""
                                                        + more
                                                        + "}")
                                        .body());
        List<String> words = new ArrayList<>();
        json.path("timestamps").forEach(word -> words.add(word.path("word").asString()));
        return words;
    }

    @Test
    void ssmlAndVoiceTagsAreMarkupOnlyWhereTheyAreAskedFor() throws Exception {
        String ssml = "<speak>Hello <voice name='alloy'>you</voice><break/>there</speak>";
        assertThat(words(ssml, ",\"ssml\":true")).containsExactly("Hello", "you", "there");
        assertThat(words(ssml, "")).contains("<voice");
        String tags = "Hello [voice:Bob]world";
        assertThat(
                        words(
                                tags,
                                ",\"allow_voice_tags\":true,\"voice_aliases\":{\"bob\":{\"voice\":\"de\",\"rate\":1.5}}"))
                .containsExactly("Hello", "world");
        assertThat(words(tags, "")).anyMatch(word -> word.contains("Bob"));
    }

    @Test
    void theRequestsPronunciationsAreSpoken() throws Exception {
        int plain = routes.speak(",\"response_format\":\"pcm\"").body().length;
        int longer =
                routes.speak(
                                ",\"response_format\":\"pcm\",\"pronunciations\":{\"Brave\":\"one two three four five six\"}")
                        .body()
                        .length;
        assertThat((double) longer / plain).isGreaterThan(1.3);
    }

    @ParameterizedTest
    @CsvSource({"a,en", "b,en", "e,es", "f,fr", "h,hi", "i,it", "j,ja", "p,pt", "z,zh"})
    void kokorosLettersForLanguagesAreKnownWhateverModelAnswers(String letter, String language)
            throws Exception {
        HttpResponse<byte[]> response =
                routes.speak(",\"response_format\":\"pcm\",\"lang_code\":\"" + letter + "\"");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isNotEmpty();
        // espeak-ng never says a text twice alike, so the audio tells nothing
        assertThat(routes.language()).startsWith(language);
    }

    @Test
    void openAiVoicesSpeakAndSubstitutionsAreSaid() throws Exception {
        for (String voice :
                List.of(
                        "alloy",
                        "ash",
                        "ballad",
                        "coral",
                        "echo",
                        "fable",
                        "onyx",
                        "nova",
                        "sage",
                        "shimmer",
                        "verse",
                        "marin",
                        "cedar",
                        "Fritz-PlayAI",
                        "af_heart")) {
            HttpResponse<byte[]> response =
                    routes.post(
                            "/v1/audio/speech",
                            "{\"model\":\"tts-1\",\"input\":\"Hi there.\",\"voice\":{\"id\":\""
                                    + voice
                                    + "\"},\"instructions\":\"slowly\"}");
            assertThat(response.statusCode()).as(voice).isEqualTo(200);
            assertThat(response.headers().firstValue("X-Parlo-Voice").orElse("")).startsWith("en-");
            assertThat(response.headers().firstValue("X-Parlo-Fallback")).isPresent();
            assertThat(response.headers().firstValue("X-Parlo-Ignored")).contains("instructions");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"response_format\":\"mp3\"", ",\"response_format\":\"opus\""})
    void eventsCarryAudioAndOneUsage(String more) throws Exception {
        HttpResponse<byte[]> response =
                routes.speak(",\"stream_format\":\"sse\",\"timestamps\":true" + more);
        assertThat(response.headers().firstValue("Content-Type").orElse(""))
                .startsWith("text/event-stream");
        List<JsonNode> events = new ArrayList<>();
        for (String block : new String(response.body(), StandardCharsets.UTF_8).split("\n\n")) {
            if (block.startsWith("data: ")) {
                events.add(Json.mapper().readTree(block.substring(6)));
            }
        }
        JsonNode done = events.getLast();
        assertThat(done.path("type").asString()).isEqualTo("speech.audio.done");
        assertThat(done.path("usage").path("total_tokens").asInt()).isPositive();
        assertThat(done.path("token_usage")).isEqualTo(done.path("usage"));
        List<String> words = new ArrayList<>();
        int bytes = 0;
        for (JsonNode event : events.subList(0, events.size() - 1)) {
            assertThat(event.path("type").asString()).isEqualTo("speech.audio.delta");
            bytes += Base64.getDecoder().decode(event.path("audio").asString()).length;
            event.path("timestamps").forEach(word -> words.add(word.path("word").asString()));
        }
        assertThat(bytes).isGreaterThan(1000);
        assertThat(words).containsExactly("Hello", "brave", "new", "world.");
    }

    /** The names of marks with their times, from objects with a list of them. */
    private static List<String> marks(List<JsonNode> pieces) {
        List<String> marks = new ArrayList<>();
        double time = 0;
        for (JsonNode piece : pieces) {
            for (JsonNode mark : piece.path("marks")) {
                marks.add(mark.path("name").asString());
                assertThat(mark.path("time").asDouble()).isGreaterThanOrEqualTo(time);
                time = mark.path("time").asDouble();
            }
        }
        assertThat(time).isGreaterThan(0.5);
        return marks;
    }

    @Test
    void marksOfSsmlComeWithTheWordsOfEveryAnswerThatHasThem() throws Exception {
        String input =
                ",\"ssml\":true,\"input\":\"<speak>One <mark name='a'/>two.<mark name='b'/>"
                        + "<break time='500ms'/><mark name='c'/>Three.<mark name='d'/></speak>\"";
        String body = "{\"voice\":\"en-us\",\"response_format\":\"wav\"" + input;
        JsonNode whole =
                Json.mapper()
                        .readTree(
                                routes.post("/dev/captioned_speech", body + ",\"stream\":false}")
                                        .body());
        assertThat(marks(List.of(whole))).containsExactly("a", "b", "c", "d");
        List<JsonNode> lines = new ArrayList<>();
        for (String line :
                new String(
                                routes.post("/dev/captioned_speech", body + "}").body(),
                                StandardCharsets.UTF_8)
                        .split("\n")) {
            lines.add(Json.mapper().readTree(line));
        }
        assertThat(marks(lines)).containsExactly("a", "b", "c", "d");
        List<JsonNode> events = new ArrayList<>();
        String more = ",\"stream_format\":\"sse\",\"timestamps\":true" + input;
        for (String block :
                new String(routes.speak(more).body(), StandardCharsets.UTF_8).split("\n\n")) {
            events.add(Json.mapper().readTree(block.substring("data: ".length())));
        }
        assertThat(marks(events)).containsExactly("a", "b", "c", "d");
        assertThat(routes.post("/dev/captioned_speech", body.replace(" name='a'", "") + "}"))
                .satisfies(refused -> {
                    assertThat(refused.statusCode()).isEqualTo(422);
                    assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains("name");
                });
    }

    @Test
    void captionsComeWholeOrLineByLine() throws Exception {
        String body =
                "{\"input\":\"Hello there. And a second, longer sentence follows here.\",\"voice\":\"en-us\",\"response_format\":\"wav\"";
        JsonNode whole =
                Json.mapper()
                        .readTree(
                                routes.post("/dev/captioned_speech", body + ",\"stream\":false}")
                                        .body());
        assertThat(whole.path("audio_format").asString()).isEqualTo("audio/wav");
        assertThat(whole.path("timestamps").size()).isEqualTo(9);
        assertThat(whole.path("timestamps").get(0).path("word").asString()).isEqualTo("Hello");
        assertThat(whole.path("timestamps").get(8).path("end_time").asDouble()).isGreaterThan(1);
        String[] lines =
                new String(
                                routes.post("/dev/captioned_speech", body + "}").body(),
                                StandardCharsets.UTF_8)
                        .split("\n");
        assertThat(lines.length).isGreaterThan(1);
        for (String line : lines) {
            assertThat(Json.mapper().readTree(line).has("audio")).isTrue();
        }
    }

    @Test
    void echoKitsRequestNeedsNeitherModelNorVoice() throws Exception {
        HttpResponse<byte[]> response =
                routes.post(
                        "/v1/audio/speech",
                        "{\"speaker\":\"en-us\",\"input\":\"Hello.\",\"sample_rate\":16000}");
        assertThat(response.headers().firstValue("Content-Type")).contains("audio/wav");
        assertThat(response.headers().firstValue("X-Parlo-Model")).contains(BuiltInEspeak.ID);
        assertThat(ByteBuffer.wrap(response.body()).order(ByteOrder.LITTLE_ENDIAN).getInt(24))
                .isEqualTo(16000);
    }

    @Test
    void aClientThatLeavesStopsTheSynthesis() throws Exception {
        String book = "This is one of the many sentences of a very long book. ".repeat(4000);
        HttpResponse<InputStream> response =
                routes.client()
                        .send(
                                routes.request(
                                        "/v1/audio/speech",
                                        "{\"model\":\"tts-1\",\"voice\":\"en-us\",\"response_format\":\"pcm\",\"input\":\""
                                                + book
                                                + "\"}"),
                                HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            assertThat(body.readNBytes(1000)).hasSize(1000);
        }
        Awaitility.await().until(() -> routes.openEncoders() == 0);
    }

    @Test
    void getTellsHowToUseIt() throws Exception {
        HttpResponse<String> response =
                routes.client()
                        .send(
                                HttpRequest.newBuilder(routes.address("/v1/audio/speech")).build(),
                                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("usage");
    }
}
