package dev.parlo.server.cosyvoice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.DoorTest;
import dev.parlo.server.SocketClient;
import dev.parlo.server.http.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** DashScope's tasks against a real server. */
final class CosyVoiceTest extends DoorTest {
    private static final String PATH = "/api-ws/v1/inference/";

    private static String message(String action, String payload) {
        return String.format(
                Locale.ROOT,
                "{\"header\":{\"action\":\"%s\",\"task_id\":\"t1\",\"streaming\":\"duplex\"},\"payload\":%s}",
                action,
                payload);
    }

    @Test
    void textThatIsAddedIsSpokenBySentences() throws Exception {
        SocketClient client = server.connect(PATH);
        client.send(
                message(
                        "run-task",
                        "{\"task\":\"tts\",\"model\":\"cosyvoice-v2\",\"parameters\":{\"voice\":\"en-us\",\"format\":\"pcm\",\"sample_rate\":16000,\"word_timestamp_enabled\":true},\"input\":{}}"));
        assertThat(event(client.json())).isEqualTo("task-started");
        client.send(message("continue-task", "{\"input\":{\"text\":\"Hello there. How \"}}"));
        // the first sentence is spoken before the text is over
        assertThat(client.json().at("/payload/output/type").asString()).isEqualTo("sentence-begin");
        client.send(message("continue-task", "{\"input\":{\"text\":\"are you\"}}"));
        client.send(message("finish-task", "{\"input\":{}}"));
        List<String> types = new ArrayList<>();
        List<String> words = new ArrayList<>();
        boolean announced = false;
        while (true) {
            SocketClient.Received next = client.next();
            if (next.bytes() != null) {
                assertThat(types.getLast()).isEqualTo("sentence-synthesis");
                continue;
            }
            JsonNode message = Json.mapper().readTree(next.text());
            assertThat(message.at("/header/task_id").asString()).isEqualTo("t1");
            if (event(message).equals("task-finished")) {
                assertThat(message.at("/payload/usage/characters").asInt()).isGreaterThan(20);
                break;
            }
            assertThat(event(message)).isEqualTo("result-generated");
            types.add(message.at("/payload/output/type").asString());
            message.at("/payload/output/sentence/words")
                    .forEach(word -> {
                        words.add(word.path("text").asString());
                        assertThat(word.path("end_time").asLong())
                                .isGreaterThanOrEqualTo(word.path("begin_time").asLong());
                    });
            announced |= types.getLast().equals("sentence-end");
        }
        assertThat(announced).isTrue();
        assertThat(types.stream().filter("sentence-end"::equals).count()).isEqualTo(2);
        assertThat(String.join(" ", words)).contains("Hello", "are", "you");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"enable_ssml\":true", "\"text_type\":\"SSML\""})
    void ssmlIsSpokenWhenItsDocumentHasEnded(String flag) throws Exception {
        SocketClient client = server.connect(PATH);
        client.send(
                message(
                        "run-task",
                        "{\"task\":\"tts\",\"parameters\":{\"format\":\"pcm\",\"sample_rate\":16000,"
                                + flag
                                + "},\"input\":{\"text\":\"<speak>One. Two. \"}}"));
        assertThat(event(client.json())).isEqualTo("task-started");
        client.send(
                message(
                        "continue-task",
                        "{\"input\":{\"text\":\"<break time='2s'/>Three.</speak>\"}}"));
        JsonNode begin = client.json();
        assertThat(begin.at("/payload/output/original_text").asString().strip())
                .isEqualTo("One. Two. Three.");
        client.send(message("finish-task", "{\"input\":{}}"));
        int bytes = 0;
        for (SocketClient.Received next = client.next();
                !String.valueOf(next.text()).contains("task-finished");
                next = client.next()) {
            bytes += next.bytes() == null ? 0 : next.bytes().length;
        }
        assertThat(bytes / 32_000.0).isGreaterThan(2.5);
    }

    @Test
    void wrongSsmlFailsTheTask() throws Exception {
        SocketClient client = server.connect(PATH);
        client.send(
                message(
                        "run-task",
                        "{\"parameters\":{\"enable_ssml\":true},\"input\":{\"text\":\"<speak><break time='x'/></speak>\"}}"));
        assertThat(event(client.json())).isEqualTo("task-started");
        assertThat(client.json().at("/header/error_message").asString()).contains("line 1");
    }

    /** EchoKit's Paraformer client: it fails at a result without {@code output} and its keys. */
    @Test
    void speechIsHeardSentenceBySentenceAndOneTaskFollowsAnother() throws Exception {
        byte[] spoken =
                server.postJson(
                                "/v1/audio/speech",
                                "{\"model\":\"tts-1\",\"input\":\"The scientists held off announcing"
                                        + " their results.\",\"voice\":\"en-us\","
                                        + "\"response_format\":\"pcm\",\"sample_rate\":16000}")
                        .body();
        byte[] speech = Arrays.copyOf(spoken, spoken.length + 64_000);
        SocketClient client = server.connect(PATH);
        for (int task = 0; task < 2; task++) {
            client.send(
                    message(
                            "run-task",
                            "{\"task_group\":\"audio\",\"task\":\"asr\",\"function\":\"recognition\","
                                    + "\"model\":\"paraformer-realtime-v2\",\"parameters\":{\"format\":\"pcm\","
                                    + "\"sample_rate\":16000,\"semantic_punctuation_enabled\":true},\"input\":{}}"));
            assertThat(event(client.json())).isEqualTo("task-started");
            for (int from = 0; from < speech.length; from += 3201) {
                client.send(Arrays.copyOfRange(speech, from, Math.min(speech.length, from + 3201)));
            }
            client.send(message("finish-task", "{\"input\":{}}"));
            List<String> sentences = new ArrayList<>();
            JsonNode told = client.json();
            for (; event(told).equals("result-generated"); told = client.json()) {
                JsonNode sentence = told.at("/payload/output/sentence");
                assertThat(sentence.path("text").isString()).isTrue();
                assertThat(sentence.path("sentence_end").isBoolean()).isTrue();
                assertThat(sentence.path("end_time").isNull())
                        .isNotEqualTo(sentence.path("sentence_end").asBoolean());
                if (sentence.path("sentence_end").asBoolean()) {
                    sentences.add(sentence.path("text").asString());
                    assertThat(sentence.path("words").isEmpty()).isFalse();
                }
            }
            assertThat(event(told)).isEqualTo("task-finished");
            assertThat(told.at("/payload/output").isObject()).isTrue();
            assertThat(sentences).containsExactly("Hello world. Good bye.");
        }
    }

    @Test
    void samplesWithoutATaskThatHearsThemFail() throws Exception {
        SocketClient client = server.connect(PATH);
        client.send(new byte[320]);
        assertThat(client.json().at("/header/error_message").asString()).contains("'asr'");
    }

    private static String event(JsonNode message) {
        return message.at("/header/event").asString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "[]",
                "{\"header\":{\"action\":\"continue-task\",\"task_id\":\"t1\"}}",
                "{\"header\":{\"action\":\"run-task\"}}",
                "{\"header\":{\"action\":\"dance\",\"task_id\":\"t1\"}}",
                "{\"header\":{\"action\":\"run-task\",\"task_id\":\"t1\"},\"payload\":{\"task\":\"dance\"}}",
                "{\"header\":{\"action\":\"run-task\",\"task_id\":\"t1\"},\"payload\":{\"task\":\"asr\",\"parameters\":{\"format\":\"opus\"}}}",
                "{\"header\":{\"action\":\"run-task\",\"task_id\":\"t1\"},\"payload\":{\"parameters\":{\"format\":\"avi\"}}}"
            })
    void whatCannotBeDoneFailsTheTask(String message) throws Exception {
        SocketClient client = server.connect(PATH);
        client.send(message);
        JsonNode failed = client.json();
        assertThat(event(failed)).isEqualTo("task-failed");
        assertThat(failed.path("header").has("task_id")).isTrue();
        assertThat(failed.at("/header/error_message").asString()).isNotEmpty();
        assertThat(failed.at("/header/error_code").asString()).isNotEmpty();
        assertThat(failed.path("payload").isObject()).isTrue();
        assertThat(client.closeCode()).isEqualTo(1008);
    }
}
