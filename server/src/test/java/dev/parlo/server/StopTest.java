package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.EngineException;
import dev.parlo.registry.Fault;
import dev.parlo.server.transcription.ScriptedEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The end of the server, whatever is still running. */
@Timeout(180)
class StopTest {
    private static final String STOPPING = "The server is stopping. Send the request again later.";

    /** Work that was told to end does so; how fast depends on the machine. */
    private static final Duration PATIENT = Duration.ofMinutes(10);

    @TempDir Path folder;

    private RunningServer server(String timeout) throws IOException {
        return new RunningServer(
                folder, "SHUTDOWN_TIMEOUT", timeout, "PARLO_TMP_DIR", spool().toString());
    }

    private Path spool() {
        return folder.resolve("spool");
    }

    private void nothingIsLeft(RunningServer server) throws IOException {
        assertThat(server.engines).allMatch(engine -> engine.closed.get());
        try (Stream<Path> left = Files.list(spool())) {
            assertThat(left).isEmpty();
        }
    }

    /** What the engine does from now on: one segment, then nothing until it is cancelled. */
    private static CountDownLatch holdAfterOneSegment(RunningServer server) throws Exception {
        server.transcribe(RunningServer.BUILT_IN, "10m"); // loads the engine
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        server.engines
                .getFirst()
                .script
                .set((options, sink, cancellation) -> {
                    sink.accept(ScriptedEngine.segments(options).getFirst());
                    return ScriptedEngine.untilCancelled(started, cancelled)
                            .run(options, sink, cancellation);
                });
        return started;
    }

    private static CompletableFuture<HttpResponse<String>> upload(
            RunningServer server, String... fields) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return server.form("/v1/audio/transcriptions", fields);
            } catch (IOException | InterruptedException failure) {
                throw new IllegalStateException(failure);
            }
        });
    }

    @Test
    void aRequestThatOutlastsTheTimeIsCancelledAndToldWhy() throws Exception {
        try (RunningServer server = server("0")) {
            CountDownLatch started = holdAfterOneSegment(server);
            CompletableFuture<HttpResponse<String>> answer =
                    upload(server, "model", RunningServer.BUILT_IN);
            started.await();
            server.application.close(PATIENT);
            assertThat(answer.get().statusCode()).isEqualTo(503);
            assertThat(answer.get().headers().firstValue("Retry-After")).hasValue("5");
            assertThat(answer.get().body()).contains(STOPPING, "\"code\":\"stopping\"");
            assertThat(server.application.stillComputing()).isFalse();
            nothingIsLeft(server);
        }
    }

    @Test
    void aStreamThatOutlastsTheTimeEndsWithAnErrorEvent() throws Exception {
        try (RunningServer server = server("0")) {
            CountDownLatch started = holdAfterOneSegment(server);
            CompletableFuture<HttpResponse<String>> answer =
                    upload(server, "model", RunningServer.BUILT_IN, "stream", "true");
            started.await();
            server.application.close(PATIENT);
            assertThat(answer.get().statusCode()).isEqualTo(200);
            List<String> events = answer.get().body().lines().filter(l -> !l.isEmpty()).toList();
            assertThat(events.getFirst()).contains("transcript.text.delta");
            assertThat(events.getLast()).contains(STOPPING, "\"code\":\"stopping\"");
            nothingIsLeft(server);
        }
    }

    @Test
    void aDownloadThatOutlastsTheTimeIsEnded() throws Exception {
        try (RunningServer server = server("0")) {
            server.hub.fault(new Fault("model.bin", Fault.Kind.STALL, 1000));
            CompletableFuture<HttpResponse<String>> waiting =
                    CompletableFuture.supplyAsync(() -> ask(server, "POST", "/v1/models/"));
            CompletableFuture<HttpResponse<String>> streaming =
                    CompletableFuture.supplyAsync(() ->
                            ask(server, "POST", "/v1/models/", "Accept", "text/event-stream"));
            await().until(() -> server.ask("GET", "/v1/downloads").body().contains("downloading"));
            // both of them, and the one that asks
            await().until(() ->
                    Scrape.parse(server.ask("GET", "/metrics").body())
                                    .value("parlo_requests_in_flight")
                            == 3);
            server.application.close(PATIENT);
            assertThat(waiting.get().statusCode()).isEqualTo(503);
            assertThat(waiting.get().body()).contains(STOPPING);
            assertThat(streaming.get().body()).contains(STOPPING);
        }
    }

    private static HttpResponse<String> ask(
            RunningServer server, String method, String path, String... headers) {
        try {
            return server.ask(method, path + RunningServer.REMOTE, headers);
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void anUploadThatDoesNotComeIsEnded() throws Exception {
        try (RunningServer server = server("0");
                Socket client = new Socket(InetAddress.getLoopbackAddress(), port(server))) {
            client.getOutputStream()
                    .write(
                            ("POST /v1/audio/transcriptions HTTP/1.1\r\nHost: a\r\n"
                                            + "Content-Type: multipart/form-data; boundary=b\r\n"
                                            + "Content-Length: 1000\r\n\r\n--b\r\n"
                                            + "Content-Disposition: form-data; name=\"file\";"
                                            + " filename=\"a\"\r\n\r\nRIFF")
                                    .getBytes(StandardCharsets.US_ASCII));
            await().until(() -> {
                try (Stream<Path> files = Files.walk(spool())) {
                    return files.filter(Files::isRegularFile).count() == 2; // the lock and this
                }
            });
            server.application.close();
            assertThat(server.application.stillComputing()).isFalse();
            nothingIsLeft(server);
        }
    }

    @Test
    void aRequestWhoseHeadIsHalfThereIsToldToComeBackLater() {
        // again where the server stopped before it had read the half: then there is nobody to tell
        await().untilAsserted(this::halfAHeadIsAnswered);
    }

    private void halfAHeadIsAnswered() throws Exception {
        try (RunningServer server = server("0");
                Socket client = new Socket(InetAddress.getLoopbackAddress(), port(server))) {
            client.setSoTimeout(60_000);
            client.getOutputStream()
                    .write("GET /health HTTP/1.1\r\nHost: lo".getBytes(StandardCharsets.US_ASCII));
            // A later connection is answered: the bytes of the earlier one were read as well.
            assertThat(server.ask("GET", "/health").statusCode()).isEqualTo(200);
            server.application.close();
            String answer =
                    new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer)
                    .startsWith("HTTP/1.1 503 ")
                    .contains("Retry-After: 5", STOPPING, "\"code\":\"stopping\"");
        }
    }

    @Test
    void whileItStopsNewRequestsAreToldToComeBackLater() throws Exception {
        try (RunningServer server = server("3600")) {
            CountDownLatch started = holdAfterOneSegment(server);
            CountDownLatch release = new CountDownLatch(1);
            server.engines
                    .getFirst()
                    .script
                    .set((options, sink, cancellation) -> {
                        started.countDown();
                        awaitOr(release);
                        return ScriptedEngine.HELLO.run(options, sink, cancellation);
                    });
            CompletableFuture<HttpResponse<String>> running =
                    upload(server, "model", RunningServer.BUILT_IN);
            started.await();
            CompletableFuture<Void> closing = CompletableFuture.runAsync(server.application::close);
            await().until(() -> server.ask("GET", "/health").statusCode() == 503);
            HttpResponse<String> refused = server.ask("GET", "/v1/models");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
            assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/json");
            assertThat(refused.body()).contains("\"detail\":\"" + STOPPING, "\"error\":");
            release.countDown();
            assertThat(running.get().statusCode()).isEqualTo(200);
            closing.get();
            nothingIsLeft(server);
        }
    }

    @Test
    void untilTheDelayIsOverItIsNotReadyAndServesAsBefore() throws Exception {
        try (RunningServer server =
                new RunningServer(
                        folder, "SHUTDOWN_DELAY", "3600", "PARLO_TMP_DIR", spool().toString())) {
            await().until(() -> server.ask("GET", "/health/ready").statusCode() == 200);
            Thread closing = Thread.ofPlatform().start(server.application::close);
            await().until(() -> server.ask("GET", "/health/ready").statusCode() == 503);
            assertThat(server.ask("GET", "/health/ready").body()).contains("stopping");
            assertThat(server.ask("HEAD", "/health/ready").statusCode()).isEqualTo(503);
            assertThat(server.ask("GET", "/ping").statusCode()).isEqualTo(503);
            assertThat(server.ask("GET", "/health").statusCode()).isEqualTo(200);
            assertThat(server.ask("GET", "/v1/models").statusCode()).isEqualTo(200);
            assertThat(server.transcribe(RunningServer.BUILT_IN, "10m").statusCode())
                    .isEqualTo(200);
            closing.interrupt();
            closing.join();
            nothingIsLeft(server);
        }
    }

    private static void awaitOr(CountDownLatch release) {
        try {
            release.await();
        } catch (InterruptedException stopped) {
            throw new EngineException(EngineException.Category.CANCELLED, "stopped", stopped);
        }
    }

    @Test
    void aStartThatFailsAtItsLastStepClosesWhatItOpened() throws Exception {
        Set<Thread> before = timers();
        assertThatThrownBy(() ->
                        new RunningServer(
                                folder,
                                "PRELOAD_MODELS",
                                "[\"Acme/none\"]",
                                "PRELOAD_STRICT",
                                "true",
                                "PARLO_TMP_DIR",
                                spool().toString()))
                .isInstanceOf(SettingsException.class);
        try (Stream<Path> left = Files.list(spool())) {
            assertThat(left).isEmpty();
        }
        // those of earlier servers may just be ending
        await().until(() -> before.containsAll(timers()));
    }

    private static Set<Thread> timers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("timer"))
                .collect(Collectors.toSet());
    }

    private static int port(RunningServer server) {
        return java.net.URI.create(server.application.url()).getPort();
    }

    @Test
    void aPartThatFailsToCloseKeepsNoOtherFromIt() {
        Lifecycle parts = new Lifecycle();
        StringBuilder closed = new StringBuilder();
        parts.started(() -> closed.append("first"));
        parts.started(() -> {
            throw new IllegalStateException("a part that fails");
        });
        parts.started(() -> closed.append("last "));
        parts.close();
        parts.close();
        assertThat(closed).hasToString("last first");
    }
}
