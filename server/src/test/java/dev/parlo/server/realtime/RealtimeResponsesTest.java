package dev.parlo.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a language model says, or does not, in a conversation. */
final class RealtimeResponsesTest extends RealtimeSessions {
    private static final String GA_TEXT =
            "{'type':'session.update','session':{'type':'realtime','output_modalities':['text']}}";

    @Test
    void theChainOfItemsIsToldAsItIs() throws Exception {
        RealtimeClient client = connect("?model=qwen3&api=ga");
        client.send(GA_TEXT);
        for (String id : List.of("a", "b")) {
            client.send(RealtimeClient.item(id, "Say " + id));
        }
        client.send(
                "{'type':'conversation.item.create','previous_item_id':'a','item':"
                        + RealtimeClient.message("c", "Between")
                        + "}");
        client.send(
                "{'type':'conversation.item.create','previous_item_id':'root','item':"
                        + RealtimeClient.message("d", "First")
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

    @Test
    void aTextIsAnsweredWithText() throws Exception {
        RealtimeClient client = connect("?model=qwen3");
        client.send("{'type':'session.update','session':{'modalities':['text']}}");
        client.send(RealtimeClient.item("a", "Hi"));
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
    void aCallOfAToolIsToldAndItsResultIsSentBack() throws Exception {
        RealtimeClient client = connect("?model=qwen3&api=ga");
        client.send(
                "{'type':'session.update','session':{'type':'realtime','output_modalities':['text'],"
                        + "'tools':[{'type':'function','name':'weather','description':'d',"
                        + "'parameters':{'type':'object'}}],'tool_choice':"
                        + "{'type':'function','name':'weather'}}}");
        client.send(RealtimeClient.item("a", "Weather?"));
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

    @Test
    void anAnswerIsCancelledAndTheNextOneIsGiven() throws Exception {
        RealtimeClient client = connect("?model=qwen3&api=ga");
        client.send("{'type':'response.cancel','event_id':'e1'}");
        JsonNode error = client.await("error").path("error");
        assertThat(error.path("code").asString()).isEqualTo("response_cancel_not_active");
        assertThat(error.path("message").asString()).startsWith("Cancellation failed");
        assertThat(error.path("event_id").asString()).isEqualTo("e1");
        CountDownLatch gate = llm.holdBefore(1);
        client.send(RealtimeClient.item("a", "Hi"));
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
        client.send(RealtimeClient.item("a", "Hi"));
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
}
