package dev.parlo.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.DoorServer;
import dev.parlo.server.llm.FakeLlm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Settings, single events, and whatever else a client may send. */
final class RealtimeEventsTest {
    @TempDir static Path home;
    private static FakeLlm llm;
    private static DoorServer server;

    @BeforeAll
    static void start() throws Exception {
        llm = FakeLlm.start(FakeLlm.Kind.OLLAMA);
        server = DoorServer.start(home, "CHAT_COMPLETION_BASE_URL", llm.url());
    }

    @AfterAll
    static void stop() {
        server.close();
        llm.close();
    }

    private static RealtimeClient connect(String query, String... headers) throws Exception {
        return RealtimeClient.connect(server, query, headers);
    }

    private static JsonNode error(RealtimeClient client, String event) throws Exception {
        client.send(event.replaceFirst("\\{", "{'event_id':'mine',"));
        JsonNode error = client.await("error").path("error");
        assertThat(error.path("event_id").asString()).as(event).isEqualTo("mine");
        assertThat(error.path("message").asString()).isNotEmpty();
        return error;
    }

    @Test
    void aClientThatHasNotShownItsDialectIsGreetedInBoth() throws Exception {
        JsonNode session = connect("?model=m").await("session.created").path("session");
        assertThat(session.path("modalities").isArray()).isTrue();
        assertThat(session.path("output_modalities").isArray()).isTrue();
        assertThat(session.path("model").asString()).isEqualTo("m");
        assertThat(session.at("/audio/input/turn_detection/type").asString())
                .isEqualTo("server_vad");
        assertThat(session.path("turn_detection").path("create_response").asBoolean()).isTrue();
    }

    @Test
    void theDialectIsKnownByWhatAClientShows() throws Exception {
        String ga = "conversation.item.added";
        String beta = "conversation.item.created";
        String create =
                "{'type':'conversation.item.create','item':{'type':'message','role':'user',"
                        + "'content':[{'type':'input_text','text':'x'}]}}";
        record Row(String query, List<String> headers, String first, String expected) {}
        for (Row row :
                List.of(
                        new Row("&api=ga", List.of(), "", ga),
                        new Row("&api=beta", List.of(), "", beta),
                        new Row("", List.of("OpenAI-Beta", "realtime=v1"), "", beta),
                        new Row("", List.of("X-OpenAI-Agents-SDK", "1"), "", ga),
                        new Row(
                                "",
                                List.of(),
                                "{'type':'session.update','session':{'type':'realtime'}}",
                                ga),
                        new Row(
                                "",
                                List.of(),
                                "{'type':'session.update','session':{'audio':{}}}",
                                ga),
                        new Row(
                                "",
                                List.of(),
                                "{'type':'session.update','session':{'output_modalities':['text']}}",
                                ga),
                        new Row(
                                "",
                                List.of(),
                                "{'type':'session.update','session':{'voice':'alloy'}}",
                                beta),
                        new Row(
                                "",
                                List.of(),
                                "{'type':'session.update','session':{'modalities':['text']}}",
                                beta),
                        new Row(
                                "",
                                List.of(),
                                "{'type':'transcription_session.update','session':{}}",
                                beta))) {
            RealtimeClient client =
                    connect("?model=m" + row.query(), row.headers().toArray(String[]::new));
            if (!row.first().isEmpty()) {
                client.send(row.first());
            }
            client.send(create);
            client.await(row.expected());
            assertThat(client.types())
                    .as(row.toString())
                    .doesNotContain(row.expected().equals(ga) ? beta : ga);
        }
        RealtimeClient undecided = connect("?model=m");
        undecided.send(create);
        undecided.await("conversation.item.done");
        assertThat(undecided.types()).contains(ga, beta);
    }

    @Test
    void whatAnUpdateDoesNotNameIsKept() throws Exception {
        RealtimeClient client = connect("?model=m");
        client.send(
                "{'type':'session.update','session':{'voice':'echo','turn_detection':"
                        + "{'type':'server_vad','threshold':0.7,'silence_duration_ms':300}}}");
        client.send("{'type':'session.update','session':{'turn_detection':{'threshold':0.8}}}");
        client.send("{'type':'session.update','session':{'instructions':'','temperature':0.2}}");
        client.await("session.updated");
        client.await("session.updated");
        JsonNode session = client.await("session.updated").path("session");
        assertThat(session.path("voice").asString()).isEqualTo("echo");
        assertThat(session.path("instructions").asString()).isEmpty();
        assertThat(session.at("/turn_detection/threshold").asDouble()).isEqualTo(0.8);
        assertThat(session.at("/turn_detection/silence_duration_ms").asInt()).isEqualTo(300);
        client.send(
                "{'type':'session.update','session':{'turn_detection':null,"
                        + "'input_audio_transcription':null}}");
        session = client.await("session.updated").path("session");
        assertThat(session.path("turn_detection").isNull()).isTrue();
        assertThat(session.path("input_audio_transcription").isNull()).isTrue();
        client.send(
                "{'type':'session.update','session':{'turn_detection':"
                        + "{'type':'semantic_vad','eagerness':'low'}}}");
        session = client.await("session.updated").path("session");
        assertThat(session.at("/turn_detection/type").asString()).isEqualTo("semantic_vad");
        assertThat(session.at("/turn_detection/eagerness").asString()).isEqualTo("low");
        assertThat(session.path("voice").asString()).isEqualTo("echo");
    }

    @Test
    void whatOpenAisAgentsSendFirstIsTaken() throws Exception {
        RealtimeClient client = connect("?model=m", "X-OpenAI-Agents-SDK", "0.1");
        client.send("{'type':'session.update','session':{'type':'realtime','tracing':'auto'}}");
        client.send(
                "{'type':'session.update','session':{'type':'realtime','model':'m','instructions':'x',"
                        + "'output_modalities':['audio'],'audio':{'input':{'format':{'type':'audio/pcm',"
                        + "'rate':24000},'noise_reduction':{'type':'near_field'},'transcription':"
                        + "{'model':'gpt-4o-mini-transcribe'},'turn_detection':{'type':'semantic_vad'}},"
                        + "'output':{'format':{'type':'audio/pcm','rate':24000},'speed':1}},"
                        + "'tool_choice':'auto','tools':[{'type':'mcp','server_label':'x'}]}}");
        client.await("session.updated");
        JsonNode session = client.await("session.updated").path("session");
        assertThat(session.path("tracing").asString()).isEqualTo("auto");
        assertThat(session.path("type").asString()).isEqualTo("realtime");
        assertThat(session.has("modalities")).isFalse();
        assertThat(session.at("/audio/input/noise_reduction/type").asString())
                .isEqualTo("near_field");
        assertThat(session.at("/audio/input/turn_detection/interrupt_response").asBoolean())
                .isTrue();
        assertThat(client.types()).doesNotContain("error");
    }

    @Test
    void whatCannotBeDoneIsToldWithTheEventAndTheSessionGoesOn() throws Exception {
        RealtimeClient client = connect("?model=m&api=ga");
        record Row(String event, String code, String param) {}
        for (Row row :
                List.of(
                        new Row("{'type':'nonsense'}", "invalid_value", "type"),
                        new Row("{'x':1}", "missing_required_parameter", "type"),
                        new Row("{'type':1}", "invalid_type", "type"),
                        new Row(
                                "{'type':'session.update'}",
                                "missing_required_parameter",
                                "session"),
                        new Row(
                                "{'type':'session.update','session':{'audio':7}}",
                                "invalid_type",
                                "session.audio"),
                        new Row(
                                "{'type':'session.update','session':{'type':'x'}}",
                                "invalid_value",
                                "session.type"),
                        new Row(
                                "{'type':'session.update','session':{'audio':{'input':{'turn_detection':{'threshold':7}}}}}",
                                "invalid_value",
                                "session.audio.input.turn_detection.threshold"),
                        new Row(
                                "{'type':'session.update','session':{'audio':{'input':{'format':'mp3'}}}}",
                                "invalid_value",
                                "session.audio.input.format"),
                        new Row(
                                "{'type':'session.update','session':{'tools':[{'type':'function'}]}}",
                                "missing_required_parameter",
                                "session.tools[0].name"),
                        new Row(
                                "{'type':'input_audio_buffer.append'}",
                                "missing_required_parameter",
                                "audio"),
                        new Row(
                                "{'type':'input_audio_buffer.append','audio':'%%%'}",
                                "invalid_value", "audio"),
                        new Row(
                                "{'type':'input_audio_buffer.commit'}",
                                "input_audio_buffer_commit_empty",
                                ""),
                        new Row(
                                "{'type':'conversation.item.create'}",
                                "missing_required_parameter",
                                "item"),
                        new Row(
                                "{'type':'conversation.item.create','item':{}}",
                                "missing_required_parameter",
                                "item.type"),
                        new Row(
                                "{'type':'conversation.item.create','item':{'type':'message','role':'user','content':[{'type':'x'}]}}",
                                "invalid_value",
                                "item.content[0].type"),
                        new Row(
                                "{'type':'conversation.item.create','previous_item_id':'none','item':{'type':'message','role':'user','content':[]}}",
                                "item_create_invalid_previous_item_id",
                                "previous_item_id"),
                        new Row(
                                "{'type':'conversation.item.create','item':{'type':'function_call_output','call_id':'none','output':''}}",
                                "invalid_tool_call_id",
                                "item.call_id"),
                        new Row(
                                "{'type':'conversation.item.delete','item_id':'none'}",
                                "item_delete_invalid_item_id",
                                "item_id"),
                        new Row(
                                "{'type':'conversation.item.retrieve','item_id':'none'}",
                                "item_retrieve_invalid_item_id",
                                "item_id"),
                        new Row(
                                "{'type':'conversation.item.truncate','item_id':'none','content_index':0,'audio_end_ms':0}",
                                "item_truncate_invalid_item_id",
                                "item_id"),
                        new Row(
                                "{'type':'response.create','response':{'input':[{'type':'item_reference','id':'none'}]}}",
                                "item_reference_invalid_item_id",
                                "item_id"),
                        new Row("{'type':'response.cancel'}", "response_cancel_not_active", ""))) {
            JsonNode error = error(client, row.event());
            assertThat(error.path("code").asString()).as(row.event()).isEqualTo(row.code());
            assertThat(error.path("param").asString("")).as(row.event()).isEqualTo(row.param());
        }
        client.socket().send("no json");
        assertThat(client.await("error").at("/error/code").asString()).isEqualTo("invalid_event");
        client.socket().send(new byte[3]);
        assertThat(client.await("error").at("/error/message").asString()).contains("Binary");
        client.send("{'type':'input_audio_buffer.clear'}");
        client.await("input_audio_buffer.cleared");
    }

    @Test
    void aCommitOfLessThanATenthOfASecondSaysHowMuchThereIs() throws Exception {
        RealtimeClient client = connect("?model=m");
        client.append(new byte[2 * 24 * 99]);
        assertThat(error(client, "{'type':'input_audio_buffer.commit'}").path("message").asString())
                .isEqualTo(
                        "Error committing input audio buffer: buffer too small. Expected at least"
                                + " 100ms of audio, but buffer only has 99.00ms of audio.");
        client.append(new byte[2 * 24]);
        client.send("{'type':'input_audio_buffer.commit'}");
        client.await("input_audio_buffer.committed");
    }

    @Test
    void anItemIsMadeOnceFoundAndTakenAway() throws Exception {
        RealtimeClient client = connect("?model=m");
        String create =
                "{'type':'conversation.item.create','item':{'id':'a','type':'message','role':'user',"
                        + "'content':[{'type':'input_text','text':'Hi'}]}}";
        client.send(create);
        assertThat(error(client, create).path("message").asString())
                .isEqualTo("Error adding item: the item with id 'a' already exists.");
        client.send("{'type':'conversation.item.retrieve','item_id':'a'}");
        assertThat(
                        client.await("conversation.item.retrieved")
                                .at("/item/content/0/text")
                                .asString())
                .isEqualTo("Hi");
        client.send("{'type':'conversation.item.delete','item_id':'a'}");
        client.await("conversation.item.deleted");
        assertThat(
                        error(client, "{'type':'conversation.item.delete','item_id':'a'}")
                                .path("message")
                                .asString())
                .isEqualTo("Error deleting item: the item with id 'a' does not exist.");
    }

    @Test
    void whateverComesInWhateverOrderTheSessionAnswersToTheEnd() throws Exception {
        Random random = new Random(20_261_128);
        byte[] speech = RealtimeClient.speech(server, "Somebody speaks.");
        List<String> events =
                List.of(
                        "{'type':'session.update','session':{'turn_detection':null}}",
                        "{'type':'session.update','session':{'turn_detection':{'type':'server_vad','silence_duration_ms':200}}}",
                        "{'type':'session.update','session':{'turn_detection':{'type':'semantic_vad','eagerness':'high'}}}",
                        "{'type':'session.update','session':{'input_audio_format':'g711_ulaw'}}",
                        "{'type':'session.update','session':{'input_audio_format':'pcm16','type':'realtime'}}",
                        "{'type':'session.update','session':{'modalities':['text']}}",
                        "{'type':'session.update','session':{'modalities':['audio','text']}}",
                        "{'type':'transcription_session.update','session':{}}",
                        "{'type':'input_audio_buffer.commit'}",
                        "{'type':'input_audio_buffer.clear'}",
                        "{'type':'conversation.item.create','item':{'id':'a','type':'message','role':'user','content':[{'type':'input_text','text':'Hi'}]}}",
                        "{'type':'conversation.item.create','item':{'type':'function_call','name':'f','call_id':'c','arguments':'{}'}}",
                        "{'type':'conversation.item.create','item':{'type':'function_call_output','call_id':'c','output':'1'}}",
                        "{'type':'conversation.item.delete','item_id':'a'}",
                        "{'type':'conversation.item.retrieve','item_id':'a'}",
                        "{'type':'conversation.item.truncate','item_id':'a','content_index':0,'audio_end_ms':5}",
                        "{'type':'response.create'}",
                        "{'type':'response.create','response':{'conversation':'none','input':[]}}",
                        "{'type':'response.cancel'}",
                        "{'type':'output_audio_buffer.clear'}",
                        "{'type':null}",
                        "[]",
                        "{",
                        "{'type':'session.update','session':{'tools':{},'audio':[]}}",
                        "\u0000");
        for (int round = 0; round < 6; round++) {
            RealtimeClient client = connect("?model=qwen3");
            for (int i = 0; i < 60; i++) {
                int kind = random.nextInt(4);
                if (kind == 0) {
                    int from = random.nextInt(speech.length / 2) & ~1;
                    int length = random.nextInt(20_000);
                    byte[] part = new byte[Math.min(length, speech.length - from)];
                    System.arraycopy(speech, from, part, 0, part.length);
                    client.send(
                            "{'type':'input_audio_buffer.append','audio':'"
                                    + Base64.getEncoder().encodeToString(part)
                                    + "'}");
                } else if (kind == 1) {
                    client.socket()
                            .send(mutated(events.get(random.nextInt(events.size())), random));
                } else {
                    client.send(events.get(random.nextInt(events.size())));
                }
            }
            // At the end it still answers, and every answer that was begun has ended.
            client.send("{'type':'input_audio_buffer.clear'}");
            client.send(
                    "{'type':'conversation.item.create','event_id':'last','item':{'type':'x'}}");
            boolean answered = false;
            while (!answered || open(client) > 0) {
                JsonNode event = client.next();
                answered |= event.at("/error/event_id").asString("").equals("last");
            }
            client.socket().socket().abort();
        }
    }

    private static int open(RealtimeClient client) {
        List<String> begun = new ArrayList<>();
        for (JsonNode event : client.events()) {
            String type = event.path("type").asString();
            if (type.equals("response.created")) {
                begun.add(event.at("/response/id").asString());
            } else if (type.equals("response.done")) {
                assertThat(begun.remove(event.at("/response/id").asString())).isTrue();
            }
        }
        return begun.size();
    }

    private static String mutated(String event, Random random) {
        byte[] bytes = event.replace('\'', '"').getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            bytes[random.nextInt(bytes.length)] = (byte) (32 + random.nextInt(95));
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
