package dev.parlo.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.audio.AudioFormat;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Turns that are heard and answered, in both dialects. */
final class RealtimeTest extends RealtimeSessions {
    private static byte[] speech;

    @BeforeAll
    static void speak() throws Exception {
        speech = RealtimeClient.speech(server, "This is somebody who speaks for a while.");
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

    private static final String BOOK = "One of the many sentences of a long answer. ";

    @Test
    void aVoiceEndsTheAnswerAndWhatWasNotHeardIsCut() throws Exception {
        RealtimeClient client = connect("?model=qwen3");
        client.send("{'type':'session.update','session':{'turn_detection':{'type':'server_vad'}}}");
        llm.says(Collections.nCopies(200, BOOK).toArray(String[]::new));
        CountDownLatch rest = llm.holdBefore(100); // however late the voice comes
        client.send(RealtimeClient.item("a", "Tell me"));
        client.send("{'type':'response.create'}");
        JsonNode first = client.await("response.audio.delta");
        while (client.sound("response.audio.delta") < 2 * RealtimeClient.RATE) {
            client.await("response.audio.delta");
        }
        client.append(speech);
        JsonNode done = client.await("response.done");
        rest.countDown();
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
}
