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
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class ChatApiTest {
    private static final String PATH = "/v1/chat/completions";

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

    private static DoorServer server(Path home, FakeLlm llm, String... more) throws IOException {
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

    private static FakeLlm model(FakeLlm.Kind kind) {
        return Objects.requireNonNull(MODELS.get(kind));
    }

    private static DoorServer server(FakeLlm.Kind kind) {
        return Objects.requireNonNull(SERVERS.get(kind));
    }

    private static ObjectNode request(FakeLlm llm, String text) {
        ObjectNode request = Json.mapper().createObjectNode().put("model", llm.model());
        request.putArray("messages").addObject().put("role", "user").put("content", text);
        return request;
    }

    private static ObjectNode spoken(FakeLlm llm, String format) {
        ObjectNode request = request(llm, "Hi");
        request.putArray("modalities").add("text").add("audio");
        request.putObject("audio").put("voice", "alloy").put("format", format);
        return request;
    }

    private static JsonNode ask(DoorServer server, ObjectNode request) throws Exception {
        HttpResponse<byte[]> answer = server.postJson(PATH, Json.text(request));
        assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(200);
        return Json.mapper().readTree(answer.body());
    }

    /** The data of the events; the last one, which is not JSON, is checked. */
    private static List<JsonNode> events(DoorServer server, ObjectNode request) throws Exception {
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

    private static String joined(List<JsonNode> events, String pointer) {
        StringBuilder all = new StringBuilder();
        events.forEach(event -> all.append(event.at(pointer).asString("")));
        return all.toString();
    }

    /** A second of a tone as a WAV file. */
    private static byte[] wav() {
        ByteBuffer wav = ByteBuffer.allocate(44 + 32_000).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(UTF_8)).putInt(36 + 32_000).put("WAVEfmt ".getBytes(UTF_8));
        wav.putInt(16).putShort((short) 1).putShort((short) 1).putInt(16_000).putInt(32_000);
        wav.putShort((short) 2).putShort((short) 16).put("data".getBytes(UTF_8)).putInt(32_000);
        for (int i = 0; i < 16_000; i++) {
            wav.putShort((short) (8000 * Math.sin(i * 0.1)));
        }
        return wav.array();
    }

    private static ObjectNode heard(FakeLlm llm, String data, String format) {
        ObjectNode request = request(llm, "");
        ObjectNode message = (ObjectNode) request.path("messages").path(0);
        var parts = message.putArray("content");
        parts.addObject().put("type", "text").put("text", "Answer this:");
        ObjectNode part = parts.addObject().put("type", "input_audio");
        part.putObject("input_audio").put("data", data).put("format", format);
        return request;
    }

    @ParameterizedTest
    @EnumSource(FakeLlm.Kind.class)
    void textIsAnsweredAsTheLanguageModelAnsweredIt(FakeLlm.Kind kind) throws Exception {
        FakeLlm llm = model(kind);
        DoorServer server = server(kind);
        JsonNode answer = ask(server, request(llm, "Hi"));
        assertThat(answer.at("/choices/0/message/content").asString()).isEqualTo("Hello there.");
        assertThat(answer.at("/choices/0/message").has("audio")).isFalse();
        assertThat(answer.path("system_fingerprint").asString()).isEqualTo("fp_1");
        assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(8);
    }

    @Test
    void fieldsThatAreNotOursReachTheLanguageModelAndOursDoNot() throws Exception {
        FakeLlm llm = model(FakeLlm.Kind.OLLAMA);
        DoorServer server = server(FakeLlm.Kind.OLLAMA);
        ObjectNode request = spoken(llm, "wav").put("think", false).put("seed", 7);
        request.putObject("options").put("num_ctx", 4096);
        request.put("speech_model", "tts-1").put("transcription_model", "whisper");
        request.putObject("speech_extra_body").put("speed", 1.5);
        request.putObject("transcription_extra_body").put("language", "en");
        ask(server, request);
        ObjectNode sent = llm.requests().getFirst();
        assertThat(sent.propertyNames())
                .containsExactlyInAnyOrder(
                        "model", "messages", "modalities", "think", "seed", "options", "stream");
        assertThat(sent.at("/options/num_ctx").asInt()).isEqualTo(4096);
        assertThat(Json.text(sent.path("modalities"))).isEqualTo("[\"text\"]");
    }

    @ParameterizedTest
    @EnumSource(FakeLlm.Kind.class)
    void recordingsBecomeTheTextThatWasSpoken(FakeLlm.Kind kind) throws Exception {
        FakeLlm llm = model(kind);
        DoorServer server = server(kind);
        String base64 = Base64.getEncoder().encodeToString(wav());
        ask(server, heard(llm, base64, "wav"));
        ask(server, heard(llm, "data:audio/wav;base64," + base64, "wav"));
        for (ObjectNode sent : llm.requests()) {
            JsonNode parts = sent.at("/messages/0/content");
            assertThat(Json.text(parts.path(0)))
                    .isEqualTo("{\"type\":\"text\",\"text\":\"Answer this:\"}");
            assertThat(Json.text(parts.path(1)))
                    .isEqualTo("{\"type\":\"text\",\"text\":\"Hello world. Good bye.\"}");
        }
    }

    @Test
    void aRecordingThatComesAgainWithTheConversationIsNotHeardAgain() throws Exception {
        FakeLlm llm = model(FakeLlm.Kind.OLLAMA);
        DoorServer server = server(FakeLlm.Kind.OLLAMA);
        byte[] wav = wav();
        wav[100] = 7; // no other test has sent it
        String base64 = Base64.getEncoder().encodeToString(wav);
        int before = server.heard();
        ask(server, heard(llm, base64, "wav"));
        ask(server, heard(llm, base64, "wav"));
        assertThat(server.heard()).isEqualTo(before + 1);
        ObjectNode otherwise = heard(llm, base64, "wav");
        otherwise.putObject("transcription_extra_body").put("prompt", "Parlo");
        ask(server, otherwise);
        assertThat(server.heard()).isEqualTo(before + 2);
    }

    @Test
    void anAnswerWhoseAudioIsForgottenStandsForItsContentWhereThatIsSent() throws Exception {
        FakeLlm llm = model(FakeLlm.Kind.OLLAMA);
        ObjectNode next = request(llm, "And?");
        ObjectNode before = ((ArrayNode) next.path("messages")).insertObject(0);
        before.put("role", "assistant").put("content", "Yes.");
        before.putObject("audio").put("id", "audio_forgotten");
        ask(server(FakeLlm.Kind.OLLAMA), next);
        assertThat(Json.text(llm.requests().getLast().at("/messages/0")))
                .isEqualTo("{\"role\":\"assistant\",\"content\":\"Yes.\"}");
    }

    @Test
    void aRecordingInAnotherFormatIsReadByItsBytes() throws Exception {
        FakeLlm llm = model(FakeLlm.Kind.OLLAMA);
        DoorServer server = server(FakeLlm.Kind.OLLAMA);
        HttpResponse<byte[]> mp3 =
                server.postJson(
                        "/v1/audio/speech",
                        "{\"model\":\"tts-1\",\"input\":\"Good morning.\","
                                + "\"voice\":\"alloy\",\"response_format\":\"mp3\"}");
        ask(server, heard(llm, Base64.getEncoder().encodeToString(mp3.body()), "mp3"));
        assertThat(llm.requests().getFirst().at("/messages/0/content/1/text").asString())
                .isEqualTo("Hello world. Good bye.");
    }

    @ParameterizedTest
    @CsvSource({"wav, RIFF", "mp3, ", "flac, fLaC", "opus, OggS", "pcm16, "})
    void anAnswerIsSpokenInEveryFormat(String format, String start) throws Exception {
        FakeLlm llm = model(FakeLlm.Kind.OPENAI);
        DoorServer server = server(FakeLlm.Kind.OPENAI);
        JsonNode message = ask(server, spoken(llm, format)).at("/choices/0/message");
        assertThat(message.path("content").isNull()).isTrue();
        assertThat(message.at("/audio/id").asString()).startsWith("audio_");
        assertThat(message.at("/audio/transcript").asString()).isEqualTo("Hello there.");
        assertThat(message.at("/audio/expires_at").asLong()).isGreaterThan(1_700_000_000L);
        byte[] audio = Base64.getDecoder().decode(message.at("/audio/data").asString());
        assertThat(audio.length).isGreaterThan(1000);
        if (start != null) {
            assertThat(new String(audio, 0, 4, UTF_8)).isEqualTo(start);
        }
        if (format.equals("wav")) {
            assertThat(ByteBuffer.wrap(audio).order(ByteOrder.LITTLE_ENDIAN).getInt(24))
                    .isEqualTo(24_000);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerIsRememberedByTheIdOfItsAudio(boolean stream) throws Exception {
        FakeLlm llm = model(FakeLlm.Kind.OLLAMA);
        DoorServer server = server(FakeLlm.Kind.OLLAMA);
        String id =
                stream
                        ? events(server, spoken(llm, "pcm16")).stream()
                                .map(e -> e.at("/choices/0/delta/audio/id").asString(""))
                                .filter(known -> !known.isEmpty())
                                .findFirst()
                                .orElseThrow()
                        : ask(server, spoken(llm, "wav"))
                                .at("/choices/0/message/audio/id")
                                .asString();
        ObjectNode next = request(llm, "And?");
        ObjectNode before = ((ArrayNode) next.path("messages")).insertObject(0);
        before.put("role", "assistant").putObject("audio").put("id", id);
        ask(server, next);
        assertThat(Json.text(llm.requests().getLast().at("/messages/0")))
                .isEqualTo("{\"role\":\"assistant\",\"content\":\"Hello there.\"}");

        before.putObject("audio").put("id", "audio_x");
        HttpResponse<byte[]> refused = server.postJson(PATH, Json.text(next));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(new String(refused.body(), UTF_8)).contains("audio_not_found");
    }

    @ParameterizedTest
    @EnumSource(FakeLlm.Kind.class)
    void aStreamOfTextIsPassedOnChunkByChunk(FakeLlm.Kind kind) throws Exception {
        FakeLlm llm = model(kind);
        DoorServer server = server(kind);
        ObjectNode request = request(llm, "Hi");
        request.putObject("stream_options").put("include_usage", true);
        List<JsonNode> events = events(server, request);
        assertThat(joined(events, "/choices/0/delta/content")).isEqualTo("Hello there.");
        assertThat(joined(events, "/choices/0/finish_reason")).isEqualTo("stop");
        assertThat(events.getLast().at("/usage/total_tokens").asInt()).isEqualTo(8);
    }

    @ParameterizedTest
    @EnumSource(FakeLlm.Kind.class)
    void aSpokenStreamHasTranscriptsAudioAndThenItsEnd(FakeLlm.Kind kind) throws Exception {
        FakeLlm llm = model(kind);
        DoorServer server = server(kind);
        llm.says("This is the first", " sentence. And", " this is the second one. ", "Bye");
        List<JsonNode> events = events(server, spoken(llm, "pcm16"));
        assertThat(joined(events, "/choices/0/delta/audio/transcript"))
                .isEqualTo("This is the first sentence. And this is the second one. Bye");
        assertThat(events)
                .allSatisfy(event -> {
                    assertThat(event.at("/choices/0/delta/content").isString()).isFalse();
                    assertThat(event.path("id").asString()).isEqualTo("chatcmpl-7");
                    assertThat(event.path("created").asLong()).isEqualTo(1_750_000_000L);
                    assertThat(event.path("choices").size()).isEqualTo(1);
                });
        int bytes = 0;
        for (JsonNode event : events) {
            String data = event.at("/choices/0/delta/audio/data").asString("");
            bytes += Base64.getDecoder().decode(data).length;
        }
        assertThat(bytes).isGreaterThan(2 * 24_000).isEven();
        assertThat(events.getLast().at("/choices/0/finish_reason").asString()).isEqualTo("stop");
    }

    @Test
    void soundStartsBeforeTheLanguageModelEnds() throws Exception {
        FakeLlm llm = model(FakeLlm.Kind.OLLAMA);
        DoorServer server = server(FakeLlm.Kind.OLLAMA);
        llm.says("This is the first sentence. And", " this is the last.");
        CountDownLatch gate = llm.holdBefore(1);
        try (Lines lines = Lines.open(server, spoken(llm, "pcm16").put("stream", true))) {
            assertThat(lines.awaitLine("\"data\":")).isTrue();
            assertThat(gate.getCount()).isEqualTo(1);
            gate.countDown();
            assertThat(lines.awaitLine("[DONE]")).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void callsOfToolsAreNotTouched(boolean stream) throws Exception {
        FakeLlm llm = model(FakeLlm.Kind.OPENAI);
        DoorServer server = server(FakeLlm.Kind.OPENAI);
        llm.calls("weather", "{\"city\":\"Paris\"}");
        ObjectNode request = spoken(llm, stream ? "pcm16" : "wav");
        request.putArray("tools").addObject().put("type", "function");
        String pointer = stream ? "/choices/0/delta" : "/choices/0/message";
        JsonNode answered =
                stream
                        ? events(server, request).stream()
                                .map(event -> event.at(pointer))
                                .filter(delta -> delta.has("tool_calls"))
                                .findFirst()
                                .orElseThrow()
                        : ask(server, request).at(pointer);
        assertThat(answered.at("/tool_calls/0/function/name").asString()).isEqualTo("weather");
        assertThat(answered.at("/tool_calls/0/function/arguments").asString())
                .isEqualTo("{\"city\":\"Paris\"}");
        assertThat(answered.has("audio")).isFalse();
    }

    @Test
    void anErrorOfTheLanguageModelHasBothShapesAndItsOwnStatus() throws Exception {
        FakeLlm llm = model(FakeLlm.Kind.OLLAMA);
        DoorServer server = server(FakeLlm.Kind.OLLAMA);
        for (boolean stream : new boolean[] {false, true}) {
            HttpResponse<byte[]> refused =
                    server.postJson(
                            PATH,
                            Json.text(
                                    request(llm, "Hi").put("model", "nope").put("stream", stream)));
            assertThat(refused.statusCode()).isEqualTo(404);
            JsonNode body = Json.mapper().readTree(refused.body());
            assertThat(body.path("detail").asString())
                    .startsWith("Failed to communicate with the language model API.");
            assertThat(body.path("suggested_fixes").size()).isEqualTo(4);
            assertThat(body.path("hint").isString()).isTrue();
            assertThat(body.path("error_id").isString()).isTrue();
            assertThat(body.at("/error/code").asString()).isEqualTo("model_not_found");
        }
    }

    @Test
    void aLanguageModelThatBreaksOffIsAnEventAndNoEnd() throws Exception {
        FakeLlm llm = model(FakeLlm.Kind.OLLAMA);
        DoorServer server = server(FakeLlm.Kind.OLLAMA);
        llm.answers(
                200,
                "text/event-stream",
                "data: {\"choices\":[{\"delta\":{\"content\":\"Hi.\"}}]}\n\n"
                        + "data: {\"error\":{\"message\":\"out of memory\"}}\n\n");
        String text =
                new String(
                        server.postJson(PATH, Json.text(request(llm, "Hi").put("stream", true)))
                                .body(),
                        UTF_8);
        assertThat(text).contains("data: {\"error\":{\"message\":\"out of memory\"}}");
        assertThat(text).doesNotContain("[DONE]");
    }

    @Test
    void aChunkWithoutChoicesBeforeTheWordsHoldsNothingBack() throws Exception {
        FakeLlm llm = model(FakeLlm.Kind.OLLAMA);
        llm.answers(
                200,
                "text/event-stream",
                "data: {\"id\":\"\",\"choices\":[],\"prompt_filter_results\":[]}\n\n"
                        + "data: {\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"a \"}}]}\n\n"
                                .repeat(200)
                        + "data: [DONE]\n\n");
        List<JsonNode> events = events(server(FakeLlm.Kind.OLLAMA), spoken(llm, "pcm16"));
        assertThat(events.getFirst().has("prompt_filter_results")).isTrue();
        assertThat(joined(events, "/choices/0/delta/audio/transcript")).isEqualTo("a ".repeat(200));
        assertThat(events.getLast().at("/choices/0/delta/audio").has("data")).isTrue();
    }

    @Test
    void aSpokenAnswerThatDoesNotEndIsEnded() throws Exception {
        FakeLlm llm = model(FakeLlm.Kind.OLLAMA);
        DoorServer server = server(FakeLlm.Kind.OLLAMA);
        String last = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
        String words = " ".repeat(500_000); // takes no time to speak
        for (String body :
                List.of(
                        last + "data: {\"choices\":[]}\n\n".repeat(200),
                        ("data: {\"choices\":[{\"delta\":{\"content\":\"" + words + "\"}}]}\n\n")
                                .repeat(3))) {
            llm.answers(200, "text/event-stream", body);
            ObjectNode request = spoken(llm, "pcm16").put("stream", true);
            String text = new String(server.postJson(PATH, Json.text(request)).body(), UTF_8);
            assertThat(text).contains("answer_too_long").doesNotContain("[DONE]");
        }
    }

    @Test
    void withoutALanguageModelItSaysWhatToSet() throws Exception {
        try (DoorServer server = DoorServer.start(home)) {
            HttpResponse<byte[]> refused = server.postJson(PATH, "{}");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(new String(refused.body(), UTF_8)).contains("CHAT_COMPLETION_BASE_URL");
            assertThat(server.get("/v1/chat/models").statusCode()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {}                                                               | 422 | messages
                    {"messages":[]}                                                  | 422 | at least one
                    {"messages":7,"model":"m"}                                       | 422 | messages
                    {"model":"m","messages":[{}],"n":2}                              | 400 | 'n' must be 1
                    {"model":"m","messages":[{}],"stream":"perhaps"}                 | 422 | stream
                    {"model":"m","messages":[{}],"modalities":["smell"]}             | 422 | 'text' or 'audio'
                    {"model":"m","messages":[{}],"modalities":"audio"}               | 422 | modalities
                    {"model":"m","messages":[{}],"audio":7}                          | 422 | dictionary
                    {"model":"m","messages":[{}],"audio":{"format":"midi"}}          | 422 | 'wav', 'mp3'
                    {"model":"m","messages":[{}],"modalities":["audio"],"audio":{"format":"wav"},"stream":true} | 422 | Unsupported value: 'audio.format' does not support 'wav' when stream=true. Supported values are: 'pcm16'.
                    {"model":"m","messages":[{}],"modalities":["audio"],"audio":{"voice":"nobody"}}             | 422 | nobody
                    {"model":"m","messages":[{}],"modalities":["audio"],"speech_extra_body":{"speed":9}}        | 422 | Speed
                    {"model":"m","messages":[{}],"transcription_extra_body":{"beam_size":0}}                    | 422 | beam_size
                    {"model":"m","messages":[{"content":[{"type":"input_audio"}]}]}                             | 400 | input_audio
                    {"model":"m","messages":[{"content":[{"type":"input_audio","input_audio":{"data":"x=y"}}]}]} | 400 | input_audio
                    {"model":"m","messages":[{"content":[{"type":"input_audio","input_audio":{"data":"QUJD"}}]}]} | 415 | audio
                    {"model":"m","messages":[{"role":"assistant","audio":{}}]}        | 400 | audio id
                    [1]                                                               | 400 | JSON object
                    {                                                                 | 400 | not valid JSON
                    """)
    void aWrongRequestIsRefusedBeforeTheLanguageModelIsAsked(String body, int status, String words)
            throws Exception {
        FakeLlm llm = model(FakeLlm.Kind.OLLAMA);
        DoorServer server = server(FakeLlm.Kind.OLLAMA);
        HttpResponse<byte[]> refused = server.postJson(PATH, body);
        String text = new String(refused.body(), UTF_8);
        assertThat(refused.statusCode()).as(text).isEqualTo(status);
        assertThat(text).contains(words).contains("\"detail\"").contains("\"error\"");
        assertThat(llm.requests()).isEmpty();
    }

    @Test
    void aModelThatIsSetNeedNotBeNamed() throws Exception {
        try (FakeLlm llm = FakeLlm.start(FakeLlm.Kind.OLLAMA);
                DoorServer server = server(home, llm, "CHAT_COMPLETION_MODEL", llm.model())) {
            ObjectNode request = request(llm, "Hi");
            request.remove("model");
            ask(server, request);
            ask(server, request.put("model", "gpt-4o-audio-preview"));
            assertThat(llm.requests())
                    .allSatisfy(sent ->
                            assertThat(sent.path("model").asString()).isEqualTo(llm.model()));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClientThatHangsUpEndsTheCallOfTheLanguageModel(boolean audio) throws Exception {
        FakeLlm llm = model(FakeLlm.Kind.OLLAMA);
        DoorServer server = server(FakeLlm.Kind.OLLAMA);
        String[] endless = new String[100_000];
        Arrays.fill(endless, "And so it goes on and on. ".repeat(20));
        llm.says(endless);
        ObjectNode request = audio ? spoken(llm, "pcm16") : request(llm, "Hi");
        try (Lines lines = Lines.open(server, request.put("stream", true))) {
            assertThat(lines.awaitLine("data: ")).isTrue();
        }
        llm.awaitHangUp();
    }

    @Test
    void bodiesAreBoundedAloneAndTogether() throws Exception {
        try (FakeLlm llm = FakeLlm.start(FakeLlm.Kind.OLLAMA);
                DoorServer server =
                        server(
                                home,
                                llm,
                                "MAX_JSON_AUDIO_BYTES",
                                "100000",
                                "MAX_HELD_BYTES",
                                "200000")) {
            assertThat(
                            server.postJson(PATH, Json.text(request(llm, "x".repeat(100_000))))
                                    .statusCode())
                    .isEqualTo(413);
            HttpResponse<byte[]> held =
                    server.postJson(PATH, Json.text(request(llm, "x".repeat(90_000))));
            assertThat(held.statusCode()).isIn(413, 503);
            assertThat(new String(held.body(), UTF_8)).contains("MAX_HELD_BYTES");
            ask(server, request(llm, "x".repeat(10_000)));
        }
    }

    /** Bodies with bytes changed, cut or doubled: an answer or a clear refusal, never a failure. */
    @Test
    void brokenBodiesAreNoFailureOfTheServer() throws Exception {
        FakeLlm llm = model(FakeLlm.Kind.OLLAMA);
        DoorServer server = server(FakeLlm.Kind.OLLAMA);
        ObjectNode whole = heard(llm, "QUJD".repeat(10), "wav");
        whole.setAll(spoken(llm, "wav").without("messages"));
        byte[] valid = Json.text(whole).getBytes(UTF_8);
        Random random = new Random(17);
        for (int i = 0; i < 150; i++) {
            byte[] body = Arrays.copyOf(valid, valid.length);
            for (int k = 0; k <= random.nextInt(4); k++) {
                body[random.nextInt(body.length)] =
                        (byte) "{}[]\",:0x\u0001".charAt(random.nextInt(10));
            }
            HttpResponse<byte[]> answer =
                    server.post(
                            PATH,
                            random.nextInt(4) == 0
                                    ? Arrays.copyOf(body, random.nextInt(body.length))
                                    : body,
                            "Content-Type",
                            "application/json");
            assertThat(answer.statusCode())
                    .as(new String(body, UTF_8) + " → " + new String(answer.body(), UTF_8))
                    .isLessThan(500);
        }
    }

    /** An answer that is read while it comes. */
    private record Lines(HttpURLConnection connection, BufferedReader reader)
            implements AutoCloseable {
        static Lines open(DoorServer server, ObjectNode request) throws IOException {
            HttpURLConnection connection =
                    (HttpURLConnection) server.uri(PATH).toURL().openConnection();
            connection.setDoOutput(true);
            connection.setReadTimeout(20_000);
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
