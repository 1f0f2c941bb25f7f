package dev.parlo.server.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.audio.AudioDecoder;
import dev.parlo.engine.audio.AudioEncoders;
import dev.parlo.engine.audio.AudioLimits;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.espeak.EspeakEngine;
import dev.parlo.engine.espeak.EspeakInstaller;
import dev.parlo.engine.espeak.EspeakNg;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.HttpServer;
import dev.parlo.server.http.Json;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A real server on a free port, with espeak-ng behind it. */
final class SpeechRoutesTest {
    @TempDir static Path cache;

    private static final ScheduledExecutorService TIMER =
            Executors.newSingleThreadScheduledExecutor();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static AudioEncoders encoders;
    private static EspeakEngine engine;
    private static HttpServer server;

    @BeforeAll
    static void start() {
        encoders = new AudioEncoders(2);
        engine =
                new EspeakEngine(
                        new EspeakNg(new EspeakInstaller(cache, null, null).locate()),
                        Lexicon.EMPTY,
                        64);
        VoiceAliases aliases = VoiceAliases.open(cache.resolve("none.json"));
        server =
                HttpServer.start(
                        "127.0.0.1",
                        0,
                        Duration.ofSeconds(5),
                        List.of(
                                new SpeechRoutes(
                                                new ModelPicker(
                                                        SpeechRoutesTest::lease,
                                                        (model, voice) -> List.of("tts-1")),
                                                aliases,
                                                false,
                                                false,
                                                encoders,
                                                TIMER)
                                        ::register));
    }

    @AfterAll
    static void stop() {
        server.close();
        engine.close();
        encoders.close();
        TIMER.shutdownNow();
        CLIENT.close();
    }

    private static TextToSpeechModels.Lease lease(String name, @Nullable KeepAlive keepAlive) {
        if (!name.equals("tts-1") && !name.equals(BuiltInEspeak.ID)) {
            throw ApiError.of(404, "no such model", "model_not_found");
        }
        return new TextToSpeechModels.Lease() {
            @Override
            public String modelId() {
                return BuiltInEspeak.ID;
            }

            @Override
            public TextToSpeech engine() {
                return engine;
            }

            @Override
            public @Nullable String fallback() {
                return name.equals("tts-1") ? "espeak-ng" : null;
            }

            @Override
            public void close() {}
        };
    }

    private static HttpRequest request(String path, String json) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
    }

    private static HttpResponse<byte[]> post(String path, String json) throws Exception {
        return CLIENT.send(request(path, json), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> speak(String more) throws Exception {
        return post(
                "/v1/audio/speech",
                "{\"model\":\""
                        + BuiltInEspeak.ID
                        + "\",\"input\":\"Hello brave new world.\",\"voice\":\"en-us\""
                        + more
                        + "}");
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
        double expected = speak(",\"response_format\":\"pcm\"").body().length / 2 / 22050.0;
        HttpResponse<byte[]> response = speak(",\"response_format\":\"" + format + "\"");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains(type);
        assertThat(response.headers().firstValue("X-Accel-Buffering")).contains("no");
        assertThat(seconds(response.body())).isBetween(expected - 0.05, expected + 0.12);
    }

    @Test
    void pcmIsTheModelsRateUnlessAnotherIsAskedFor() throws Exception {
        HttpResponse<byte[]> own = speak(",\"response_format\":\"pcm\"");
        HttpResponse<byte[]> other = speak(",\"response_format\":\"pcm\",\"sample_rate\":44100");
        assertThat(own.headers().firstValue("Content-Type")).contains("audio/pcm");
        assertThat(own.headers().firstValue("X-Sample-Rate")).contains("22050");
        assertThat((double) other.body().length / own.body().length).isBetween(1.95, 2.05);
    }

    @Test
    void wavHasItsRealSizesWhenTheyAreKnown() throws Exception {
        byte[] whole = speak(",\"response_format\":\"wav\",\"stream\":false").body();
        ByteBuffer header = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(header.getInt(4)).isEqualTo(whole.length - 8);
        assertThat(header.getInt(40)).isEqualTo(whole.length - 44);
        byte[] streamed = speak(",\"response_format\":\"wav\"").body();
        assertThat(ByteBuffer.wrap(streamed).order(ByteOrder.LITTLE_ENDIAN).getInt(40))
                .isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"speed\":5",
                ",\"speed\":0.1",
                ",\"speed\":\"x\"",
                ",\"sample_rate\":7999",
                ",\"sample_rate\":48001",
                ",\"response_format\":\"tiff\"",
                ",\"stream_format\":\"xml\"",
                ",\"voice\":\"nobody9\"",
                ",\"voice\":7",
                ",\"lang_code\":\"xx-xx\"",
                ",\"volume_multiplier\":0",
                ",\"ssml\":1",
                ",\"ssml\":true",
                ",\"ssml\":true,\"input\":\"<speak><break time='soon'/></speak>\"",
                ",\"ssml\":true,\"input\":\"<speak><voice name='nobody9'>x</voice></speak>\"",
                ",\"allow_voice_tags\":true,\"input\":\"Hi [voice:nobody9] you\"",
                ",\"voice_aliases\":{\"a\":{\"voice\":\"de\",\"rate\":9}}",
                ",\"pronunciations\":{\"a\":7}",
                ",\"pronunciations\":[\"a\"]"
            })
    void whatCannotBeDoneIsRefusedBeforeAnyAudio(String more) throws Exception {
        HttpResponse<byte[]> response = speak(more);
        String body = new String(response.body(), StandardCharsets.UTF_8);
        assertThat(response.statusCode()).as(body).isEqualTo(422);
        JsonNode json = Json.mapper().readTree(body);
        assertThat(json.has("detail")).isTrue();
        assertThat(json.path("error").path("message").asString()).isNotEmpty();
    }

    @Test
    void ssmlErrorsNameTheirPlace() throws Exception {
        String body =
                new String(
                        speak(",\"ssml\":true,\"input\":\"<speak>\\n<sub>x</sub></speak>\"").body(),
                        StandardCharsets.UTF_8);
        assertThat(body).contains("line 2, column 1").contains("alias");
    }

    private static List<String> words(String input, String more) throws Exception {
        JsonNode json =
                Json.mapper()
                        .readTree(
                                post(
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
        assertThat(words(ssml, "")).hasSizeGreaterThan(3);
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
        int plain = speak(",\"response_format\":\"pcm\"").body().length;
        int longer =
                speak(
                                ",\"response_format\":\"pcm\",\"pronunciations\":{\"Brave\":\"one two three four five six\"}")
                        .body()
                        .length;
        assertThat((double) longer / plain).isGreaterThan(1.3);
    }

    @Test
    void anUnknownVoiceIsAnsweredWithTheKnownOnes() throws Exception {
        String body = new String(speak(",\"voice\":\"nobody9\"").body(), StandardCharsets.UTF_8);
        assertThat(body)
                .contains("Voice 'nobody9' is not supported. Supported voices: ")
                .contains("en-us");
    }

    @Test
    void nothingToSayIs400() throws Exception {
        for (String input : List.of("", "  ", "😀")) {
            HttpResponse<byte[]> response =
                    post(
                            "/v1/audio/speech",
                            "{\"model\":\"tts-1\",\"input\":\""
                                    + input
                                    + "\",\"voice\":\"alloy\"}");
            assertThat(response.statusCode()).isEqualTo(400);
        }
        assertThat(post("/v1/audio/speech", "no json").statusCode()).isEqualTo(400);
        assertThat(post("/v1/audio/speech", "{}").statusCode()).isEqualTo(422);
        assertThat(post("/v1/audio/speech", "{\"model\":\"x/y\",\"input\":\"a\"}").statusCode())
                .isEqualTo(404);
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
                    post(
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
                speak(",\"stream_format\":\"sse\",\"timestamps\":true" + more);
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

    @Test
    void captionsComeWholeOrLineByLine() throws Exception {
        String body =
                "{\"input\":\"Hello there. And a second, longer sentence follows here.\",\"voice\":\"en-us\",\"response_format\":\"wav\"";
        JsonNode whole =
                Json.mapper()
                        .readTree(
                                post("/dev/captioned_speech", body + ",\"stream\":false}").body());
        assertThat(whole.path("audio_format").asString()).isEqualTo("audio/wav");
        assertThat(whole.path("timestamps").size()).isEqualTo(9);
        assertThat(whole.path("timestamps").get(0).path("word").asString()).isEqualTo("Hello");
        assertThat(whole.path("timestamps").get(8).path("end_time").asDouble()).isGreaterThan(1);
        String[] lines =
                new String(post("/dev/captioned_speech", body + "}").body(), StandardCharsets.UTF_8)
                        .split("\n");
        assertThat(lines.length).isGreaterThan(1);
        for (String line : lines) {
            assertThat(Json.mapper().readTree(line).has("audio")).isTrue();
        }
    }

    @Test
    void echoKitsRequestNeedsNeitherModelNorVoice() throws Exception {
        HttpResponse<byte[]> response =
                post(
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
                CLIENT.send(
                        request(
                                "/v1/audio/speech",
                                "{\"model\":\"tts-1\",\"voice\":\"en-us\",\"response_format\":\"pcm\",\"input\":\""
                                        + book
                                        + "\"}"),
                        HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            assertThat(body.readNBytes(1000)).hasSize(1000);
        }
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> encoders.openEncoders() == 0);
    }

    @Test
    void getTellsHowToUseIt() throws Exception {
        HttpResponse<String> response =
                CLIENT.send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "http://127.0.0.1:"
                                                        + server.port()
                                                        + "/v1/audio/speech"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("usage");
    }
}
