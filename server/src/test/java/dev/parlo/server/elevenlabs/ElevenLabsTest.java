package dev.parlo.server.elevenlabs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.DoorServer;
import dev.parlo.server.DoorTest;
import dev.parlo.server.SocketClient;
import dev.parlo.server.http.Json;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** ElevenLabs' requests and its stream of texts against a real server. */
final class ElevenLabsTest extends DoorTest {
    private static final String VOICE = "/v1/text-to-speech/21m00Tcm4TlvDq8ikWAM";
    private static final String SOCKET = VOICE + "/stream-input?output_format=pcm_16000";

    @ParameterizedTest
    @CsvSource({
        ",audio/mpeg",
        "mp3_22050_32,audio/mpeg",
        "pcm_16000,audio/pcm",
        "wav_24000,audio/wav",
        "ulaw_8000,audio/basic",
        "opus_48000_32,audio/ogg"
    })
    void answersInTheFormatOfItsName(String format, String type) throws Exception {
        for (String form : new String[] {"", "/stream"}) {
            HttpResponse<byte[]> response =
                    server.postJson(
                            VOICE + form + (format == null ? "" : "?output_format=" + format),
                            "{\"text\":\"Hello\",\"model_id\":\"eleven_multilingual_v2\",\"voice_settings\":{\"stability\":0.5,\"similarity_boost\":0.5}}");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).contains(type);
            assertThat(response.body().length).isGreaterThan(500);
            assertThat(response.headers().firstValue("X-Parlo-Voice")).isPresent();
        }
    }

    @Test
    void theListOfVoicesIsSearchedSortedAndPaged() throws Exception {
        List<String> all = ids(voices(""));
        assertThat(all).doesNotHaveDuplicates().hasSizeGreaterThan(2);
        JsonNode found = voices("?search=" + all.getLast());
        assertThat(ids(found)).contains(all.getLast());
        assertThat(found.path("total_count").asInt()).isEqualTo(ids(found).size());
        assertThat(ids(voices("?search=nobodyiscalledthis"))).isEmpty();
        assertThat(ids(voices("?category=cloned"))).isEmpty();
        assertThat(ids(voices("?sort=created_at_unix&sort_direction=desc")))
                .isEqualTo(all.reversed());
        List<String> paged = new ArrayList<>();
        String token = "";
        for (boolean more = true; more; ) {
            JsonNode page = voices("?page_size=100" + token);
            assertThat(page.path("voices").size()).isBetween(1, 100);
            assertThat(page.path("total_count").asInt()).isEqualTo(all.size());
            paged.addAll(ids(page));
            more = page.path("has_more").asBoolean();
            token =
                    "&next_page_token="
                            + page.path("next_page_token").asString("").replace("+", "%2B");
        }
        assertThat(paged).isEqualTo(all);
        for (String wrong :
                new String[] {"page_size=0", "page_size=101", "sort=age", "next_page_token=x"}) {
            assertThat(server.get("/v2/voices?" + wrong).statusCode()).isEqualTo(422);
        }
    }

    private JsonNode voices(String query) throws Exception {
        return Json.mapper().readTree(server.get("/v2/voices" + query).body());
    }

    private static List<String> ids(JsonNode page) {
        return page.path("voices")
                .valueStream()
                .map(voice -> voice.path("voice_id").asString())
                .toList();
    }

    @Test
    void theAnswerWithTimestampsHasEveryCharacter() throws Exception {
        String text = "Hello, brave new world! It is 5 o'clock.";
        JsonNode answer =
                Json.mapper()
                        .readTree(
                                server.postJson(
                                                VOICE + "/with-timestamps?output_format=pcm_16000",
                                                "{\"text\":\"" + text + "\"}")
                                        .body());
        double seconds =
                Base64.getDecoder().decode(answer.path("audio_base64").asString()).length
                        / 32_000.0;
        JsonNode alignment = answer.path("alignment");
        StringBuilder characters = new StringBuilder();
        alignment.path("characters").forEach(one -> characters.append(one.asString()));
        assertThat(characters.toString()).isEqualTo(text);
        JsonNode ends = alignment.path("character_end_times_seconds");
        assertThat(ends.size()).isEqualTo(alignment.path("character_start_times_seconds").size());
        assertThat(ends.get(ends.size() - 1).asDouble()).isBetween(seconds - 0.6, seconds + 0.1);
        JsonNode normalized = answer.path("normalized_alignment");
        StringBuilder said = new StringBuilder();
        normalized.path("characters").forEach(one -> said.append(one.asString()));
        assertThat(said.toString()).isEqualTo("Hello, brave new world! It is five o'clock.");
        // the digit has the time of the word that is said for it
        int digit = text.indexOf('5');
        int five = said.indexOf("five");
        assertThat(alignment.path("character_start_times_seconds").get(digit).asDouble())
                .isEqualTo(normalized.path("character_start_times_seconds").get(five).asDouble());
    }

    @Test
    void theStreamWithTimestampsIsOneObjectALine() throws Exception {
        String text = "One sentence. Another one.";
        byte[] body =
                server.postJson(VOICE + "/stream/with-timestamps", "{\"text\":\"" + text + "\"}")
                        .body();
        StringBuilder characters = new StringBuilder();
        for (String line : new String(body, StandardCharsets.UTF_8).split("\n")) {
            JsonNode piece = Json.mapper().readTree(line);
            assertThat(piece.path("audio_base64").isString()).isTrue();
            piece.path("alignment")
                    .path("characters")
                    .forEach(one -> characters.append(one.asString()));
        }
        assertThat(characters.toString()).isEqualTo(text);
    }

    @Test
    void whatIsWrongIsNamed() throws Exception {
        HttpResponse<byte[]> format =
                server.postJson(VOICE + "?output_format=mp4_1", "{\"text\":\"Hello\"}");
        assertThat(format.statusCode()).isEqualTo(422);
        assertThat(new String(format.body(), StandardCharsets.UTF_8)).contains("output_format");
        HttpResponse<byte[]> text = server.postJson(VOICE, "{\"model_id\":1}");
        assertThat(text.statusCode()).isEqualTo(422);
        assertThat(new String(text.body(), StandardCharsets.UTF_8)).contains("text", "model_id");
        assertThat(server.postJson(VOICE, "[").statusCode()).isEqualTo(400);
        assertThat(server.postJson(VOICE, "{\"text\":\"...\"}").statusCode()).isEqualTo(400);
    }

    @Test
    void voicesAreListed() throws Exception {
        JsonNode voices = Json.mapper().readTree(server.get("/v1/voices").body()).path("voices");
        assertThat(voices.size()).isGreaterThan(20);
        voices.forEach(voice -> {
            assertThat(voice.path("voice_id").isString()).isTrue();
            assertThat(voice.path("name").isString()).isTrue();
            assertThat(voice.path("category").asString()).isEqualTo("premade");
        });
        assertThat(server.get("/v1/voices/en-us").body()).contains("\"voice_id\":\"en-us\"");
        assertThat(server.get("/v1/voices/nobody").statusCode()).isEqualTo(404);
        assertThat(
                        Json.mapper()
                                .readTree(server.get("/v2/voices").body())
                                .path("total_count")
                                .asInt())
                .isEqualTo(voices.size());
    }

    @Test
    void modelsAreListedAsTheClientsHeadersTellWhoseTheyAre() throws Exception {
        JsonNode models =
                Json.mapper().readTree(server.get("/v1/models", "xi-api-key", "k").body());
        assertThat(models.isArray()).isTrue();
        assertThat(models.valueStream().map(model -> model.path("model_id").asString()))
                .contains("espeak-ng/espeak-ng")
                .doesNotContain("parlo/whisper-nano.en");
        assertThat(models.path(0).path("can_do_text_to_speech").asBoolean()).isTrue();
        assertThat(models.path(0).path("languages").toString())
                .contains("{\"language_id\":\"de\",\"name\":\"German\"}");
        String openAi = "\"object\":\"list\"";
        assertThat(server.get("/v1/models").body()).contains(openAi);
        assertThat(server.get("/v1/models", "xi-api-key", "k", "Authorization", "Bearer k").body())
                .contains(openAi);
    }

    @Test
    void textIsSpokenByTheScheduleOfThePythonClient() throws Exception {
        SocketClient client = server.connect(SOCKET + "&model_id=eleven_flash_v2_5");
        client.send(
                "{\"text\":\" \",\"try_trigger_generation\":true,\"voice_settings\":{\"speed\":1.1},"
                        + "\"generation_config\":{\"chunk_length_schedule\":[50]}}");
        String text = "The first sentence is here. And the second one follows after it. ";
        for (String word : text.split("(?<= )")) {
            client.send("{\"text\":\"" + word + "\",\"try_trigger_generation\":true}");
        }
        JsonNode first = client.json();
        assertThat(first.path("audio").isString()).as("before the end of the text").isTrue();
        client.send("{\"text\":\"\"}");
        StringBuilder characters = new StringBuilder();
        int frames = 0;
        for (JsonNode message = first;
                !message.path("isFinal").asBoolean(false);
                message = client.json()) {
            JsonNode alignment = message.path("alignment");
            assertThat(alignment.path("chars").size())
                    .isEqualTo(alignment.path("charStartTimesMs").size())
                    .isEqualTo(alignment.path("charDurationsMs").size());
            alignment.path("chars").forEach(one -> characters.append(one.asString()));
            assertThat(alignment.path("charStartTimesMs").path(0).asLong())
                    .as("timed from the start of its own audio")
                    .isLessThan(500);
            frames++;
        }
        assertThat(frames).isGreaterThan(1);
        assertThat(characters.toString().strip()).isEqualTo(text.strip());
        assertThat(client.closeCode()).isEqualTo(1000);
    }

    @Test
    void aFlushBringsSoundWithoutTheEnd() throws Exception {
        SocketClient client = server.connect(SOCKET);
        client.send("{\"text\":\"Hi\"}");
        client.send("{\"text\":\" there\",\"flush\":true}");
        assertThat(client.json().path("audio").asString()).isNotEmpty();
        client.send("{\"text\":\"\"}");
        assertThat(client.closeCode()).isEqualTo(1000);
    }

    @Test
    void longAudioComesInMessagesThatClientsTake() throws Exception {
        SocketClient client =
                server.connect(VOICE + "/stream-input?output_format=pcm_48000&auto_mode=true");
        client.send("{\"text\":\"" + "one two three four five six seven, ".repeat(12) + "\"}");
        client.send("{\"text\":\"\"}");
        List<Integer> sizes = new ArrayList<>();
        for (SocketClient.Received next = client.next();
                next.closeCode() == 0;
                next = client.next()) {
            sizes.add(String.valueOf(next.text()).length());
        }
        assertThat(sizes).hasSizeGreaterThan(3).allMatch(size -> size < 1_000_000);
    }

    @Test
    void ssmlIsReadWhereItIsAskedFor() throws Exception {
        SocketClient client = server.connect(SOCKET + "&enable_ssml_parsing=true");
        client.send("{\"text\":\"Hello <break ti\"}");
        client.send("{\"text\":\"me='2s'/> there. \"}"); // a sentence: it need not wait
        StringBuilder characters = new StringBuilder();
        JsonNode first = client.json();
        client.send("{\"text\":\"<speak><sub alias='two'>2</sub></speak>\"}");
        client.send("{\"text\":\"\"}");
        int bytes = 0;
        for (JsonNode message = first;
                !message.path("isFinal").asBoolean(false);
                message = client.json()) {
            message.at("/alignment/chars").forEach(one -> characters.append(one.asString()));
            bytes += Base64.getDecoder().decode(message.path("audio").asString()).length;
        }
        assertThat(characters.toString().replaceAll("\\s+", " ").strip())
                .as("without the tags")
                .isEqualTo("Hello there. 2");
        assertThat(bytes / 32_000.0).isGreaterThan(2.5);
    }

    @Test
    void wrongSsmlIsAnErrorThatNamesItsPlace() throws Exception {
        SocketClient client = server.connect(SOCKET + "&enable_ssml_parsing=true");
        client.send("{\"text\":\"<speak>Hello\",\"flush\":true}");
        assertThat(client.json().path("message").asString()).contains("line 1, column");
        assertThat(client.closeCode()).isEqualTo(1008);
    }

    @ParameterizedTest
    @CsvSource({"mp3_44100_32,32", "mp3_44100_192,192"})
    void theBitRateOfTheNameIsWritten(String format, int kilobits) throws Exception {
        byte[] mp3 =
                server.postJson(
                                VOICE + "?output_format=" + format,
                                "{\"text\":\"One, two, three, four, five, six.\"}")
                        .body();
        // of MPEG 1, layer III: the upper half of the third byte of each frame
        int[] table = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
        assertThat(table[(mp3[2] & 0xFF) >> 4]).isEqualTo(kilobits);
    }

    @Test
    void aFailureOfTheServerIsToldAsOne(@TempDir Path folder) throws Exception {
        Path broken = Files.createDirectories(folder.resolve("models/parlo/broken"));
        Files.writeString(broken.resolve("README.md"), "---\ntags:\n- piper\n---\n");
        Files.writeString(broken.resolve("broken.onnx"), "no graph");
        Files.writeString(broken.resolve("broken.onnx.json"), "{\"audio\":{\"sample_rate\":0}}");
        try (DoorServer silent = DoorServer.start(folder, "API_KEY", "k")) {
            SocketClient client = silent.connect(SOCKET + "&model_id=parlo/broken");
            client.send("{\"text\":\"Hello\",\"flush\":true,\"xi-api-key\":\"k\"}");
            JsonNode error = client.json();
            assertThat(error.path("message").asString())
                    .contains("parlo/broken", "broken.onnx.json")
                    .doesNotContain(folder.toString());
            assertThat(error.path("code").asInt()).isEqualTo(1011);
            assertThat(client.closeCode()).isEqualTo(1011);
        }
    }

    @Test
    void silenceEndsTheConnection() throws Exception {
        SocketClient client = server.connect(SOCKET + "&inactivity_timeout=1");
        assertThat(client.json().path("error").asString()).isEqualTo("input_timeout_exceeded");
        assertThat(client.closeCode()).isEqualTo(1008);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]",
                "{",
                "{\"text\":5}",
                "{\"generation_config\":{\"chunk_length_schedule\":[0]}}"
            })
    void aMessageThatCannotBeReadIsAnsweredByAnError(String message) throws Exception {
        SocketClient client = server.connect(SOCKET);
        client.send(message);
        JsonNode error = client.json();
        assertThat(error.path("error").isString()).isTrue();
        assertThat(error.path("message").asString()).isNotEmpty();
        assertThat(client.closeCode()).isEqualTo(1008);
    }

    @Test
    void anAddressThatCannotBeHadIsRefused() {
        Assertions.assertThatThrownBy(
                        () -> server.connect(VOICE + "/stream-input?output_format=flac_1"))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(422));
    }
}
