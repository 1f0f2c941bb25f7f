package dev.parlo.server.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.DoorServer;
import dev.parlo.server.http.Json;
import dev.parlo.server.llm.FakeLlm;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Conversations in text and speech, through a language model that says what it was told to. */
final class ChatApiTest extends ChatServers {
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
}
