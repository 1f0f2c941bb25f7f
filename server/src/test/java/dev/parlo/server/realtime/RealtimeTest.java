package dev.parlo.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.server.DoorServer;
import dev.parlo.server.llm.FakeLlm;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Whole conversations, in both dialects, with a language model that says what it was told to. */
final class RealtimeTest {
    @TempDir static Path home;
    private static FakeLlm llm;
    private static DoorServer server;
    private static byte[] speech;

    @BeforeAll
    static void start() throws Exception {
        llm = FakeLlm.start(FakeLlm.Kind.OLLAMA);
        server = DoorServer.start(home, "CHAT_COMPLETION_BASE_URL", llm.url());
        speech = RealtimeClient.speech(server, "This is somebody who speaks for a while.");
    }

    @AfterAll
    static void stop() {
        server.close();
        llm.close();
    }

    @BeforeEach
    void reset() {
        llm.says("Hello", " there.", " How are", " you?");
    }

    private @Nullable RealtimeClient open;

    private RealtimeClient connect(String query, String... headers) throws Exception {
        RealtimeClient client = RealtimeClient.connect(server, query, headers);
        open = client;
        return client;
    }

    @AfterEach
    void hangUp() {
        if (open != null) {
            open.socket().socket().abort();
        }
    }

    @Test
    void aTurnIsHeardAndAnsweredInTheBetaOrder() throws Exception {
        RealtimeClient client = connect("?model=qwen3");
        client.await("session.created");
        client.append(RealtimeClient.silence(0.5));
        client.append(speech);
        client.append(RealtimeClient.silence(1));
        JsonNode done = client.await("response.done");
        List<String> types = client.types();
        // Words that are sure may be told at any time of the turn.
        assertThat(types.remove("conversation.item.input_audio_transcription.delta")).isTrue();
        assertThat(types)
                .containsExactly(
                        "session.created",
                        "input_audio_buffer.speech_started",
                        "input_audio_buffer.speech_stopped",
                        "input_audio_buffer.committed",
                        "conversation.item.created",
                        "conversation.item.input_audio_transcription.completed",
                        "response.created",
                        "rate_limits.updated",
                        "response.output_item.added",
                        "conversation.item.created",
                        "response.content_part.added",
                        "response.audio_transcript.delta",
                        "response.audio.delta",
                        "response.audio.done",
                        "response.audio_transcript.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.done");
        assertThat(done.at("/response/status").asString()).isEqualTo("completed");
        assertThat(client.deltas("response.audio_transcript.delta"))
                .isEqualTo("Hello there. How are you?");
        assertThat(client.sound("response.audio.delta")).isGreaterThan(RealtimeClient.RATE);
        JsonNode request = llm.requests().getLast();
        assertThat(request.at("/messages/1/content").asString())
                .isEqualTo("Hello world. Good bye.");
    }

    private static final String GA_TEXT =
            "{'type':'session.update','session':{'type':'realtime','output_modalities':['text']}}";

    @Test
    void aTurnIsHeardAndAnsweredInTheGaOrder() throws Exception {
        RealtimeClient client = connect("?model=qwen3");
        client.await("session.created");
        client.send(
                "{'type':'session.update','session':{'type':'realtime','audio':{'input':"
                        + "{'transcription':{'model':'whisper-1'}}}}}");
        client.append(speech);
        client.append(RealtimeClient.silence(1));
        JsonNode done = client.await("response.done");
        List<String> types = client.types();
        assertThat(types.remove("conversation.item.input_audio_transcription.delta")).isTrue();
        assertThat(types)
                .containsExactly(
                        "session.created",
                        "session.updated",
                        "input_audio_buffer.speech_started",
                        "input_audio_buffer.speech_stopped",
                        "input_audio_buffer.committed",
                        "conversation.item.added",
                        "conversation.item.done",
                        "conversation.item.input_audio_transcription.completed",
                        "response.created",
                        "rate_limits.updated",
                        "response.output_item.added",
                        "conversation.item.added",
                        "response.content_part.added",
                        "response.output_audio_transcript.delta",
                        "response.output_audio.delta",
                        "response.output_audio.done",
                        "response.output_audio_transcript.done",
                        "response.content_part.done",
                        "conversation.item.done",
                        "response.output_item.done",
                        "response.done");
        assertThat(done.at("/response/output/0/content/0/type").asString())
                .isEqualTo("output_audio");
        assertThat(done.at("/response/usage/total_tokens").isIntegralNumber()).isTrue();
        // Every deltas' sum is the whole.
        assertThat(client.deltas("conversation.item.input_audio_transcription.delta"))
                .isEqualTo("Hello world. Good bye.");
    }

    @Test
    void theChainOfItemsIsToldAsItIs() throws Exception {
        RealtimeClient client = connect("?model=qwen3&api=ga");
        client.send(GA_TEXT);
        for (String id : List.of("a", "b")) {
            client.send(item(id, "Say " + id));
        }
        client.send(
                "{'type':'conversation.item.create','previous_item_id':'a','item':"
                        + message("c", "Between")
                        + "}");
        client.send(
                "{'type':'conversation.item.create','previous_item_id':'root','item':"
                        + message("d", "First")
                        + "}");
        client.send("{'type':'response.create'}");
        client.await("response.done");
        List<String> chain =
                client.events().stream()
                        .filter(event ->
                                event.path("type").asString().equals("conversation.item.added"))
                        .map(event ->
                                event.path("previous_item_id").asString("-")
                                        + ">"
                                        + event.at("/item/id").asString())
                        .toList();
        assertThat(chain).hasSize(5).startsWith("->a", "a>b", "a>c", "->d");
        assertThat(chain.getLast()).startsWith("b>item_");
        JsonNode messages = llm.requests().getLast().path("messages");
        assertThat(messages.findValuesAsString("content"))
                .endsWith("First", "Say a", "Between", "Say b");
    }

    private static String message(String id, String text) {
        return "{'id':'"
                + id
                + "','type':'message','role':'user','content':"
                + "[{'type':'input_text','text':'"
                + text
                + "'}]}";
    }

    private static String item(String id, String text) {
        return "{'type':'conversation.item.create','item':" + message(id, text) + "}";
    }

    @Test
    void aTextIsAnsweredWithText() throws Exception {
        RealtimeClient client = connect("?model=qwen3");
        client.send("{'type':'session.update','session':{'modalities':['text']}}");
        client.send(item("a", "Hi"));
        client.send("{'type':'response.create','response':{'metadata':{'client_event_id':'x1'}}}");
        JsonNode done = client.await("response.done");
        assertThat(client.types())
                .containsExactly(
                        "session.created",
                        "session.updated",
                        "conversation.item.created",
                        "response.created",
                        "rate_limits.updated",
                        "response.output_item.added",
                        "conversation.item.created",
                        "response.content_part.added",
                        "response.text.delta",
                        "response.text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.done");
        assertThat(done.at("/response/metadata/client_event_id").asString()).isEqualTo("x1");
        assertThat(client.deltas("response.text.delta")).isEqualTo("Hello there. How are you?");
    }

    @Test
    void aCommitIsTranscribedAndAnAnswerThatIsAskedForAtOnceWaitsForIt() throws Exception {
        RealtimeClient client = connect("?model=qwen3&api=ga");
        client.send(
                "{'type':'session.update','session':{'type':'realtime','output_modalities':['text'],"
                        + "'audio':{'input':{'turn_detection':null,'transcription':{}}}}}");
        client.append(speech);
        client.send("{'type':'input_audio_buffer.commit'}");
        client.send("{'type':'response.create'}");
        client.await("response.done");
        List<String> types = client.types();
        assertThat(types)
                .doesNotContain("input_audio_buffer.speech_started", "error")
                .containsSubsequence(
                        "input_audio_buffer.committed",
                        "conversation.item.added",
                        "conversation.item.done",
                        "response.created",
                        "response.output_text.done");
        assertThat(llm.requests().getLast().at("/messages/1/content").asString())
                .isEqualTo("Hello world. Good bye.");
    }

    @Test
    void aCallOfAToolIsToldAndItsResultIsSentBack() throws Exception {
        RealtimeClient client = connect("?model=qwen3&api=ga");
        client.send(
                "{'type':'session.update','session':{'type':'realtime','output_modalities':['text'],"
                        + "'tools':[{'type':'function','name':'weather','description':'d',"
                        + "'parameters':{'type':'object'}}],'tool_choice':"
                        + "{'type':'function','name':'weather'}}}");
        client.send(item("a", "Weather?"));
        llm.calls("weather", "{\"city\":\"Rome\"}");
        try {
            client.send("{'type':'response.create'}");
            JsonNode done = client.await("response.done");
            assertThat(client.types())
                    .containsSubsequence(
                            "response.created",
                            "response.output_item.added",
                            "conversation.item.added",
                            "response.function_call_arguments.delta",
                            "response.function_call_arguments.done",
                            "conversation.item.done",
                            "response.output_item.done",
                            "response.done");
            JsonNode call = done.at("/response/output/0");
            assertThat(call.path("name").asString()).isEqualTo("weather");
            assertThat(call.path("arguments").asString()).isEqualTo("{\"city\":\"Rome\"}");
            assertThat(llm.requests().getLast().at("/tool_choice/function/name").asString())
                    .isEqualTo("weather");
            assertThat(llm.requests().getLast().at("/tools/0/function/name").asString())
                    .isEqualTo("weather");
            String id = call.path("call_id").asString();
            llm.callsNothing();
            client.send(
                    "{'type':'conversation.item.create','item':{'type':'function_call_output',"
                            + "'call_id':'"
                            + id
                            + "','output':'sunny'}}");
            client.send("{'type':'response.create'}");
            client.await("response.done");
            JsonNode messages = llm.requests().getLast().path("messages");
            assertThat(messages.at("/2/tool_calls/0/id").asString()).isEqualTo(id);
            assertThat(messages.at("/3/tool_call_id").asString()).isEqualTo(id);
            assertThat(messages.at("/3/content").asString()).isEqualTo("sunny");
        } finally {
            llm.callsNothing();
        }
    }

    private static final String BOOK = "One of the many sentences of a long answer. ";

    @Test
    void aVoiceEndsTheAnswerAndWhatWasNotHeardIsCut() throws Exception {
        RealtimeClient client = connect("?model=qwen3");
        client.send("{'type':'session.update','session':{'turn_detection':{'type':'server_vad'}}}");
        llm.says(java.util.Collections.nCopies(200, BOOK).toArray(String[]::new));
        client.send(item("a", "Tell me"));
        client.send("{'type':'response.create'}");
        JsonNode first = client.await("response.audio.delta");
        client.append(speech);
        JsonNode done = client.await("response.done");
        assertThat(done.at("/response/status").asString()).isEqualTo("cancelled");
        assertThat(done.at("/response/status_details/reason").asString())
                .isEqualTo("turn_detected");
        assertThat(client.types())
                .containsSubsequence(
                        "input_audio_buffer.speech_started",
                        "response.audio.done",
                        "response.audio_transcript.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.done");
        List<String> types =
                client.events().stream().map(event -> event.path("type").asString()).toList();
        int voice = types.lastIndexOf("input_audio_buffer.speech_started");
        // What follows the voice is the end alone.
        assertThat(types.subList(voice, types.size())).doesNotContain("response.audio.delta");
        String id = first.path("item_id").asString();
        client.send(
                "{'type':'conversation.item.truncate','item_id':'"
                        + id
                        + "','content_index':0,'audio_end_ms':1000}");
        client.await("conversation.item.truncated");
        client.send("{'type':'conversation.item.retrieve','item_id':'" + id + "'}");
        JsonNode item = client.await("conversation.item.retrieved").path("item");
        assertThat(item.path("status").asString()).isEqualTo("incomplete");
        assertThat(item.at("/content/0/transcript").asString().length())
                .isBetween(1, BOOK.length());
        assertThat(Base64.getDecoder().decode(item.at("/content/0/audio").asString()))
                .hasSize(2 * RealtimeClient.RATE);
    }

    @Test
    void anAnswerIsCancelledAndTheNextOneIsGiven() throws Exception {
        RealtimeClient client = connect("?model=qwen3&api=ga");
        client.send("{'type':'response.cancel','event_id':'e1'}");
        JsonNode error = client.await("error").path("error");
        assertThat(error.path("code").asString()).isEqualTo("response_cancel_not_active");
        assertThat(error.path("message").asString()).startsWith("Cancellation failed");
        assertThat(error.path("event_id").asString()).isEqualTo("e1");
        CountDownLatch gate = llm.holdBefore(1);
        client.send(item("a", "Hi"));
        client.send("{'type':'response.create'}");
        client.await("response.output_audio_transcript.delta");
        client.send("{'type':'response.create','event_id':'e2'}");
        JsonNode second = client.await("error").path("error");
        assertThat(second.path("code").asString())
                .isEqualTo("conversation_already_has_active_response");
        assertThat(second.path("event_id").asString()).isEqualTo("e2");
        client.send("{'type':'response.cancel'}");
        JsonNode done = client.await("response.done");
        assertThat(done.at("/response/status_details/reason").asString())
                .isEqualTo("client_cancelled");
        gate.countDown();
        client.send("{'type':'response.create'}");
        assertThat(client.await("response.done").at("/response/status").asString())
                .isEqualTo("completed");
    }

    @Test
    void soundComesBeforeTheLanguageModelHasEnded() throws Exception {
        RealtimeClient client = connect("?model=qwen3&api=ga");
        llm.says("This is the first sentence. ", "And this is", " the second one.");
        CountDownLatch gate = llm.holdBefore(1);
        client.send(item("a", "Hi"));
        client.send("{'type':'response.create'}");
        client.await("response.output_audio.delta");
        gate.countDown();
        client.await("response.done");
    }

    @Test
    void aResponseOutsideOfTheConversationLeavesNothingInIt() throws Exception {
        RealtimeClient client = connect("?model=qwen3&api=ga");
        client.send(
                "{'type':'response.create','response':{'conversation':'none','output_modalities':"
                        + "['text'],'instructions':'Be brief.','input':[{'type':'message','role':"
                        + "'user','content':[{'type':'input_text','text':'Alone'}]}]}}");
        JsonNode done = client.await("response.done").path("response");
        assertThat(done.path("conversation_id").isNull()).isTrue();
        assertThat(client.types()).noneMatch(type -> type.startsWith("conversation.item"));
        JsonNode messages = llm.requests().getLast().path("messages");
        assertThat(messages.findValuesAsString("content")).containsExactly("Be brief.", "Alone");
    }

    @Test
    void aLanguageModelThatFailsFailsTheResponseAndNotTheSession() throws Exception {
        RealtimeClient client = connect("?model=qwen3&api=ga");
        llm.answers(500, "application/json", "{\"error\":{\"message\":\"out of memory\"}}");
        try {
            client.send("{'type':'response.create'}");
            JsonNode done = client.await("response.done").path("response");
            assertThat(done.path("status").asString()).isEqualTo("failed");
            assertThat(done.at("/status_details/error/message").asString()).isNotEmpty();
        } finally {
            llm.answers(200, "", "");
        }
        client.send("{'type':'response.create'}");
        assertThat(client.await("response.done").at("/response/status").asString())
                .isEqualTo("completed");
    }

    @Test
    void aLanguageModelThatWritesWithoutEndOrNoEventsFailsTheResponse() throws Exception {
        RealtimeClient client = connect("?model=qwen3&api=ga");
        String call =
                "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":%d,\"id\":\"c\","
                        + "\"function\":{\"name\":\"f\",\"arguments\":\"%s\"}}]}}]}\n\n";
        StringBuilder calls = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            calls.append(String.format(Locale.ROOT, call, i, "{}"));
        }
        String arguments = String.format(Locale.ROOT, call, 0, "9".repeat(120_000)).repeat(2);
        try {
            for (String body : List.of(calls.toString(), arguments, "<html>Welcome</html>", "")) {
                llm.answers(200, "text/event-stream", body);
                client.send("{'type':'response.create','response':{'conversation':'none'}}");
                JsonNode done = client.await("response.done").path("response");
                assertThat(done.path("status").asString()).isEqualTo("failed");
                assertThat(done.at("/status_details/error/code").asString())
                        .isEqualTo(
                                body.startsWith("data") ? "answer_too_long" : "llm_misunderstood");
            }
        } finally {
            llm.answers(200, "", "");
        }
    }

    @Test
    void fourResponsesMayBeUnderWayBesideTheConversationAndNoMore() throws Exception {
        CountDownLatch gate = llm.holdBefore(0);
        RealtimeClient client = connect("?model=qwen3&api=ga");
        for (int i = 0; i < 5; i++) {
            client.send(
                    "{'type':'response.create','response':{'conversation':'none',"
                            + "'output_modalities':['text']}}");
        }
        assertThat(client.await("error").at("/error/code").asString())
                .isEqualTo("too_many_responses");
        gate.countDown();
        for (int i = 0; i < 4; i++) {
            client.await("response.done");
        }
    }

    @Test
    void aTranscriptionSessionHasTranscriptsAndNoResponses() throws Exception {
        RealtimeClient client = connect("?intent=transcription&model=parlo/small&api=beta");
        client.await("transcription_session.created");
        client.append(speech);
        client.append(RealtimeClient.silence(1));
        JsonNode completed = client.await("conversation.item.input_audio_transcription.completed");
        assertThat(completed.path("transcript").asString()).isEqualTo("Hello world. Good bye.");
        assertThat(completed.at("/usage/seconds").asDouble()).isGreaterThan(1);
        client.send("{'type':'response.create'}");
        client.await("error");
        assertThat(client.types()).doesNotContain("response.created");
    }

    @Test
    void everyFormatIsHeardAndSpoken() throws Exception {
        for (String format : List.of("g711_ulaw", "g711_alaw", "pcm16_16k")) {
            RealtimeClient client = connect("?model=qwen3");
            client.send(
                    "{'type':'session.update','session':{'input_audio_format':'"
                            + format
                            + "','output_audio_format':'"
                            + format
                            + "'}}");
            AudioFormat encoding =
                    switch (format) {
                        case "g711_ulaw" -> AudioFormat.MULAW;
                        case "g711_alaw" -> AudioFormat.ALAW;
                        default -> AudioFormat.PCM;
                    };
            int rate = format.startsWith("g711") ? 8000 : 16_000;
            client.append(RealtimeClient.encoded(speech, encoding, rate));
            client.append(RealtimeClient.encoded(RealtimeClient.silence(1), encoding, rate));
            JsonNode started = client.await("input_audio_buffer.speech_started");
            JsonNode stopped = client.await("input_audio_buffer.speech_stopped");
            double spoken = speech.length / 2.0 / RealtimeClient.RATE * 1000;
            assertThat(
                            stopped.path("audio_end_ms").asDouble()
                                    - started.path("audio_start_ms").asDouble())
                    .isBetween(0.8 * spoken, spoken + 700);
            client.await("response.done");
            assertThat(client.sound("response.audio.delta"))
                    .isGreaterThan(rate * (encoding == AudioFormat.PCM ? 2 : 1));
            client.socket().socket().abort();
        }
    }

    @Test
    void audioWithinAnItemIsHeard() throws Exception {
        RealtimeClient client = connect("?model=qwen3&api=ga");
        client.send(GA_TEXT);
        client.send(
                "{'type':'conversation.item.create','item':{'id':'x','type':'message','role':'user',"
                        + "'content':[{'type':'input_audio','audio':'"
                        + Base64.getEncoder().encodeToString(speech)
                        + "'}]}}");
        client.send("{'type':'response.create'}");
        client.await("response.done");
        assertThat(llm.requests().getLast().at("/messages/1/content").asString())
                .isEqualTo("Hello world. Good bye.");
    }

    @Test
    void aClientThatSaysNothingForAWhileIsAskedAgain() throws Exception {
        RealtimeClient client = connect("?model=qwen3&api=ga");
        client.send(
                "{'type':'session.update','session':{'type':'realtime','output_modalities':['text'],"
                        + "'audio':{'input':{'turn_detection':{'type':'server_vad',"
                        + "'idle_timeout_ms':1000}}}}}");
        client.send("{'type':'response.create'}");
        client.await("response.done");
        client.await("input_audio_buffer.timeout_triggered");
        client.await("response.done");
        assertThat(client.types())
                .containsSubsequence(
                        "input_audio_buffer.timeout_triggered",
                        "input_audio_buffer.committed",
                        "conversation.item.added",
                        "conversation.item.done",
                        "response.created");
    }

    @Test
    void aWholeRecordingMayComeInOneMessage() throws Exception {
        RealtimeClient client = connect("?model=qwen3&api=ga");
        client.send(
                "{'type':'session.update','session':{'type':'realtime','audio':{'input':"
                        + "{'turn_detection':null,'transcription':{}}}}}");
        client.send(
                "{'type':'input_audio_buffer.append','audio':'"
                        + Base64.getEncoder().encodeToString(RealtimeClient.silence(40))
                        + "'}");
        client.send("{'type':'input_audio_buffer.commit'}");
        JsonNode completed = client.await("conversation.item.input_audio_transcription.completed");
        assertThat(completed.at("/usage/seconds").asDouble()).isBetween(39.9, 40.1);
    }

    @Test
    void aSessionThatLastedTooLongIsToldAndEnds() throws Exception {
        try (DoorServer brief =
                DoorServer.start(home.resolve("brief"), "REALTIME_SESSION_SECONDS", "1")) {
            RealtimeClient client = RealtimeClient.connect(brief, "?model=m");
            assertThat(client.await("error").at("/error/code").asString())
                    .isEqualTo("session_expired");
            assertThat(client.socket().closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void aClientThatStopsReadingIsCutOffAndHoldsUpNobody() throws Exception {
        try (DoorServer server =
                DoorServer.start(
                        home.resolve("slow"),
                        "CHAT_COMPLETION_BASE_URL",
                        llm.url(),
                        "WS_SEND_TIMEOUT",
                        "1")) {
            RealtimeClient deaf = RealtimeClient.connect(server, "?model=qwen3");
            deaf.await("session.created");
            llm.says(java.util.Collections.nCopies(4000, BOOK).toArray(String[]::new));
            deaf.socket().stopReading();
            deaf.send("{'type':'response.create','response':{'modalities':['text']}}");
            llm.awaitHangUp();
            llm.says("Yes.");
            RealtimeClient other = RealtimeClient.connect(server, "?model=qwen3");
            other.send("{'type':'response.create','response':{'modalities':['text']}}");
            assertThat(other.await("response.done").at("/response/status").asString())
                    .isEqualTo("completed");
        }
    }

    @Test
    void whatASessionKeepsCountsToTheMemoryOfAllAndTheSessionGoesOn() throws Exception {
        String tokens = "[],".repeat(20_000) + "[]"; // of little text and much memory
        try (DoorServer small =
                DoorServer.start(home.resolve("kept"), "MAX_HELD_BYTES", "1500000")) {
            for (String event :
                    List.of(
                            "{'type':'session.update','session':{'tracing':[" + tokens + "]}}",
                            "{'type':'response.create','response':{'metadata':{'a':["
                                    + tokens
                                    + "]}}}",
                            "{'type':'conversation.item.create','item':{'type':'message','role':"
                                    + "'user','content':[{'type':'input_image','image_url':'x','a':["
                                    + tokens
                                    + "]}]}}")) {
                RealtimeClient client = RealtimeClient.connect(small, "?model=m&api=ga");
                client.send(event);
                assertThat(client.await("error").at("/error/code").asString())
                        .isEqualTo("too_large");
                client.send("{'type':'input_audio_buffer.clear'}");
                client.await("input_audio_buffer.cleared");
                client.socket().socket().abort();
            }
        }
    }

    @Test
    void everyTextOfAnItemCountsAsMemory() {
        String text = "x".repeat(1000);
        Item call = Item.call("a", Item.Status.COMPLETED, new Item.FunctionCall(text, text, text));
        assertThat(call.bytes()).isGreaterThanOrEqualTo(6000);
    }

    @Test
    void audioThatDoesNotFitIsToldAndTheSessionGoesOn() throws Exception {
        try (DoorServer small =
                DoorServer.start(
                        home.resolve("full"),
                        "MAX_HELD_BYTES",
                        "1500000",
                        "MAX_TURN_SECONDS",
                        "5")) {
            RealtimeClient client = RealtimeClient.connect(small, "?model=m&api=ga");
            client.send(
                    "{'type':'session.update','session':{'type':'realtime','audio':{'input':"
                            + "{'turn_detection':null,'transcription':{}}}}}");
            client.append(RealtimeClient.silence(6));
            assertThat(client.await("error").at("/error/code").asString())
                    .isEqualTo("input_audio_buffer_full");
            client.send("{'type':'input_audio_buffer.clear'}");
            client.await("input_audio_buffer.cleared");
            client.append(speech);
            client.send("{'type':'input_audio_buffer.commit'}");
            client.await("conversation.item.input_audio_transcription.completed");
            // What was said before is let go where memory is short; words stay.
            for (int i = 0; i < 8; i++) {
                client.append(speech);
                client.send("{'type':'input_audio_buffer.commit'}");
                client.await("conversation.item.input_audio_transcription.completed");
            }
        }
    }
}
