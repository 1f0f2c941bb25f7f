package dev.parlo.server;

import static dev.parlo.server.RunningServer.BUILT_IN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.Transcript;
import dev.parlo.registry.hub.NetworkSettings;
import dev.parlo.server.fileurl.FileFetcher;
import dev.parlo.server.http.Json;
import dev.parlo.server.runpod.RunPodWorker;
import dev.parlo.server.runpod.Waits;
import dev.parlo.server.transcription.ScriptedEngine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A worker against something that plays RunPod's queue, over the whole application. */
class RunPodTest {
    private static final String TRANSCRIBE =
            "{\"method\": \"post\", \"path\": \"/v1/audio/transcriptions\", \"file_base64\":"
                    + " \"UklGRg==\", \"body\": {\"model\": \""
                    + BUILT_IN
                    + "\", \"timestamp_granularities\": [\"word\", \"segment\"]%s}%s}";

    @TempDir static Path folder;

    private static RunningServer server;
    private static FileFetcher fetcher;

    private final AtomicBoolean ended = new AtomicBoolean();
    private RunPodPeer peer;
    private RunPodWorker worker;

    @BeforeAll
    static void serve() throws Exception {
        server = new RunningServer(folder);
        fetcher = server.fetcher();
    }

    @AfterAll
    static void end() {
        server.close();
        fetcher.close();
    }

    @BeforeEach
    void start() throws Exception {
        peer = new RunPodPeer();
        engine().script.set(ScriptedEngine.HELLO);
        engine().heard.clear();
        worker = worker(2);
    }

    private RunPodWorker worker(int concurrency) {
        Duration soon = Duration.ofMillis(5);
        return RunPodWorker.start(
                peer.settings(concurrency),
                NetworkSettings.direct(),
                server.application.url(),
                fetcher,
                () -> true,
                () -> ended.set(true),
                Duration.ofSeconds(120),
                new Waits(soon, soon, soon, soon));
    }

    @AfterEach
    void stop() {
        worker.close();
        peer.close();
    }

    static String transcription(String body, String more) {
        return TRANSCRIBE.replaceFirst("%s", body).replaceFirst("%s", more);
    }

    private JsonNode result(String job) {
        await().until(() -> !peer.results(job).isEmpty());
        return peer.results(job).getFirst().body();
    }

    private ScriptedEngine engine() throws Exception {
        server.ask("POST", "/api/ps/" + BUILT_IN);
        return server.engines.getLast();
    }

    @Test
    void aJobIsARequestAndItsAnswerTheResult() {
        peer.give(
                "j1",
                "{\"path\": \"/v1/models\", \"query_params\": {\"task\": \"text-to-speech\"}}");
        assertThat(result("j1").at("/output/object").asString()).isEqualTo("list");
        assertThat(result("j1").at("/output/data/0/task").asString()).isEqualTo("text-to-speech");
        peer.give("j2", transcription(", \"response_format\": \"verbose_json\"", ""));
        assertThat(result("j2").at("/output/words/0/word").asString()).isEqualTo(" Hello");
        peer.give("j3", transcription(", \"response_format\": \"srt\"", ""));
        assertThat(result("j3").at("/output/text").asString()).startsWith("1\n00:00:00,100");
        RunPodPeer.Told told = peer.results("j1").getFirst();
        assertThat(told.query()).isEqualTo("gpu=X&isStream=false");
        assertThat(told.requestId()).isEqualTo("j1");
        assertThat(peer.headers).containsOnly("platform-key");
        assertThat(peer.takes).allMatch(query -> query.startsWith("gpu=NVIDIA+X&job_in_progress="));
    }

    @Test
    void speechWithoutAFormatIsAWavFileThatSaysItsOwnLength() {
        peer.give(
                "j1",
                "{\"method\": \"POST\", \"path\": \"/v1/audio/speech\", \"body\": {\"model\":"
                        + " \"espeak-ng/espeak-ng\", \"input\": \"Hello.\"}}");
        JsonNode output = result("j1").path("output");
        assertThat(output.path("status").asString()).isEqualTo("success");
        assertThat(output.path("content_type").asString()).isEqualTo("audio/wav");
        byte[] wav = Base64.getDecoder().decode(output.path("audio_content").asString());
        ByteBuffer head = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(head.getInt(4)).isEqualTo(wav.length - 8);
        peer.give(
                "j2",
                "{\"method\": \"POST\", \"path\": \"/v1/audio/speech\", \"body\": {\"model\":"
                        + " \"espeak-ng/espeak-ng\", \"input\": \"Hello.\", \"response_format\":"
                        + " \"mp3\"}}");
        assertThat(result("j2").at("/output/content_type").asString()).isEqualTo("audio/mpeg");
    }

    @Test
    void aRefusalIsAnErrorWithItsStatusAndItsBody() {
        peer.give("j1", "{\"path\": \"/v1/models/Acme/none\"}");
        JsonNode error = result("j1").path("error");
        assertThat(error.path("status_code").asInt()).isEqualTo(404);
        assertThat(error.path("message").asString()).contains("404");
        assertThat(error.path("details").asString()).contains("model_not_found");
        assertThat(result("j1").has("output")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5",
                "{\"audio\": \"https://example.org/a.mp3\"}",
                "{\"file_base64\": \"AAAA\"}",
                "{\"path\": \"//169.254.169.254/latest\"}",
                "{\"path\": \"http://169.254.169.254/\"}",
                "{\"path\": \"/\\\\169.254.169.254\"}",
                "{\"path\": 5}",
                "{\"method\": \"CONNECT\", \"path\": \"/health\"}",
                "{\"path\": \"/health\", \"headers\": {\"a b\": \"c\"}}",
                "{\"path\": \"/health\", \"headers\": {\"a\": \"b\\r\\nc: d\"}}",
                "{\"path\": \"/health\", \"body\": [1]}",
                "{\"method\": \"POST\", \"path\": \"/v1/audio/transcriptions\", \"file_base64\":"
                        + " \"!!!!\"}",
                "{\"method\": \"POST\", \"path\": \"/v1/audio/transcriptions\", \"file_base64\":"
                        + " \"A\"}",
                "{\"method\": \"POST\", \"path\": \"/v1/audio/transcriptions\", \"file_url\":"
                        + " \"http://127.0.0.1/a\"}",
                "{\"method\": \"POST\", \"path\": \"/v1/audio/transcriptions\", \"file_url\":"
                        + " \"file:///etc/passwd\"}"
            })
    void whatIsNoRequestToThisServerIsRefusedAsTheClientsFault(String input) {
        peer.give("j1", input);
        assertThat(result("j1").at("/error/status_code").asInt()).isEqualTo(400);
        peer.give("j2", "{\"path\": \"/health\"}");
        assertThat(result("j2").has("output")).isTrue();
    }

    @Test
    void aJobWithoutAnInputFailsAndIsNotWaitedFor() {
        peer.replies.add(new RunPodPeer.Reply(200, "{\"id\": \"j1\"}"));
        assertThat(result("j1").at("/error/message").asString()).contains("'input' must be");
    }

    @Test
    void theFileIsInTheFieldOfTheFormThatTheJobNames() {
        peer.give(
                "j1",
                transcription("", ", \"file_field\": \"audio_file\"")
                        .replace("/v1/audio/transcriptions", "/asr?output=txt"));
        assertThat(result("j1").at("/output/text").asString()).contains("Hello");
    }

    @Test
    void aQueueThatFailsInEveryWayIsAskedAgain() {
        for (int status : new int[] {204, 400, 429, 500, RunPodPeer.DROP, 502}) {
            peer.replies.add(new RunPodPeer.Reply(status, ""));
        }
        for (String nonsense : new String[] {"<html>", "{}", "[]", "{\"id\": \"x\"}", "[5]"}) {
            peer.replies.add(new RunPodPeer.Reply(200, nonsense));
        }
        peer.give("j1", "{\"path\": \"/health\"}");
        assertThat(result("j1").at("/output/message").asString()).isEqualTo("OK");
    }

    @Test
    void aResultThatIsNotTakenIsSentAgainAndOneThatIsTooLargeIsAnError() {
        peer.verdicts.addAll(List.of(500, RunPodPeer.DROP));
        peer.give("j1", "{\"path\": \"/health\"}");
        assertThat(result("j1").has("output")).isTrue();
        peer.verdicts.add(413);
        peer.give("j2", "{\"path\": \"/health\"}");
        assertThat(result("j2").at("/error/status_code").asInt()).isEqualTo(413);
        peer.verdicts.addAll(List.of(500, 500, 500));
        peer.give("j3", "{\"path\": \"/health\"}");
        await().until(peer.verdicts::isEmpty);
        peer.give("j4", "{\"path\": \"/health\"}");
        assertThat(result("j4").has("output")).isTrue();
        assertThat(peer.results("j3")).isEmpty();
    }

    @Test
    void aResultBeyondThePlatformsLimitSaysSoAndOneThatIsWaitedForMayBeTwiceAsLarge() {
        String speech =
                "{\"method\": \"POST\", \"path\": \"/v1/audio/speech\", \"body\": {\"model\":"
                        + " \"espeak-ng/espeak-ng\", \"input\": \""
                        + "One two three four five six seven. ".repeat(100)
                        + "\"}}";
        peer.give("j1", speech);
        assertThat(result("j1").at("/error/message").asString()).contains("10000000", "mp3");
        peer.give("sync-1", speech);
        assertThat(result("sync-1").at("/output/content_type").asString()).isEqualTo("audio/wav");
    }

    @Test
    void theSameJobGivenTwiceIsDoneOnce() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        engine().script
                .set((options, sink, cancellation) -> {
                    awaitLatch(go);
                    return ScriptedEngine.HELLO.run(options, sink, cancellation);
                });
        peer.give("j1", transcription("", ""));
        peer.give("j1", transcription("", ""));
        await().until(() -> peer.replies.isEmpty());
        int takes = peer.takes.size();
        await().until(() -> peer.takes.size() > takes); // so the second one was looked at
        go.countDown();
        assertThat(result("j1").at("/output/text").asString()).isEqualTo("Hello world. Good bye.");
        peer.give("j2", "{\"path\": \"/health\"}");
        var unused = result("j2");
        assertThat(peer.results("j1")).hasSize(1);
        assertThat(engine().heard).hasSize(1);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aStreamIsToldInPartsInOrderAndOnceMoreAsTheResult() {
        peer.give("j1", transcription(", \"stream\": true", ", \"stream\": true"));
        JsonNode output = result("j1").path("output");
        assertThat(peer.parts("j1").stream().map(part -> part.body().path("output")).toList())
                .isEqualTo(output.valueStream().toList());
        assertThat(output.get(0).path("delta").asString()).isEqualTo(" Hello world.");
        assertThat(output.get(output.size() - 1).path("type").asString())
                .isEqualTo("transcript.text.done");
        assertThat(peer.results("j1").getFirst().query()).endsWith("&isStream=true");
        peer.give(
                "j2",
                "{\"method\": \"POST\", \"path\": \"/v1/audio/speech\", \"stream\": true, \"body\":"
                        + " {\"model\": \"espeak-ng/espeak-ng\", \"response_format\": \"pcm\","
                        + " \"input\": \""
                        + "One two three four five. ".repeat(20)
                        + "\"}}");
        assertThat(result("j2").path("output").size()).isGreaterThan(1);
        for (RunPodPeer.Told part : peer.parts("j2")) {
            assertThat(part.body().at("/output/audio_content").asString()).isNotEmpty();
            assertThat(Json.text(part.body()).length()).isLessThan(1_000_000);
        }
    }

    @Test
    void aWorkerThatStopsFinishesItsJobsAndTakesNoOther() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        engine().script
                .set((options, sink, cancellation) -> {
                    started.countDown();
                    awaitLatch(go);
                    return new Transcript("en", 1, 1, Map.of());
                });
        peer.give("j1", transcription("", ""));
        started.await();
        Thread closing = Thread.ofPlatform().start(worker::close);
        // for the job, when it has ended all questions
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        peer.give("j2", "{\"path\": \"/health\"}");
        go.countDown();
        closing.join();
        assertThat(peer.results("j1")).hasSize(1);
        assertThat(peer.results("j2")).isEmpty();
    }

    @Test
    void aJobThatThePlatformStopsIsCancelledAndHasNoResult() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        engine().script.set(ScriptedEngine.untilCancelled(started, cancelled));
        peer.give("j1", transcription("", ""));
        started.await();
        peer.stops.add("j1");
        cancelled.await();
        peer.give("j2", "{\"path\": \"/health\"}");
        var unused = result("j2");
        assertThat(peer.results("j1")).isEmpty();
    }

    @Test
    void pingsNameTheJobsThatRun() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        engine().script
                .set((options, sink, cancellation) -> {
                    awaitLatch(go);
                    return new Transcript("en", 1, 1, Map.of());
                });
        await().until(() -> peer.pings.contains("gpu=X&runpod_version=parlo"));
        peer.give("j1", transcription("", ", \"progress\": true"));
        await().until(() -> peer.pings.contains("gpu=X&job_id=j1&runpod_version=parlo"));
        go.countDown();
        var unused = result("j1");
        assertThat(peer.told.getFirst().body().path("status").asString()).isEqualTo("IN_PROGRESS");
    }

    @Test
    void aJobMayAskForANewWorker() {
        peer.give("j1", "{\"path\": \"/health\", \"refresh_worker\": true}");
        assertThat(result("j1").path("stopPod").asBoolean()).isTrue();
        await().untilTrue(ended);
        // One question may be under way, whose job is done, and one may be about to be asked.
        for (int i = 2; i < 12; i++) {
            peer.give("j" + i, "{\"path\": \"/health\"}");
        }
        worker.close();
        assertThat(peer.replies).hasSizeGreaterThanOrEqualTo(8);
    }
}
