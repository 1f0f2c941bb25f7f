package dev.parlo.server.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.DoorServer;
import dev.parlo.server.http.Json;
import dev.parlo.server.llm.FakeLlm;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers of a conversation that are read while they come. */
final class ChatStreamTest extends ChatServers {
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
}
