package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.Latches;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code /metrics} after real requests, read as Prometheus reads it. */
@Tag("locale")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MetricsApiTest {
    private static final String REQUESTS = "parlo_http_request_duration_seconds_count";
    private static final String ESPEAK = "espeak-ng/espeak-ng";
    private static final String HELLO =
            "{\"model\": \"" + ESPEAK + "\", \"input\": \"Hello.\", \"response_format\": \"wav\"}";

    @TempDir Path folder;

    @FunctionalInterface
    private interface Page {
        HttpResponse<String> get() throws Exception;
    }

    private static Scrape scrape(Page page) throws Exception {
        HttpResponse<String> answer = page.get();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValue("text/plain; version=0.0.4; charset=utf-8");
        return Scrape.parse(answer.body());
    }

    /** The figures once they show so many of something: an observer hears after the client. */
    private static Scrape scrapeAfter(Page page, double value, String name, String... labels) {
        await().until(() -> scrape(page).value(name, labels) == value);
        return await().until(() -> scrape(page), scraped -> true);
    }

    @Test
    void aTranscriptionIsCountedWithItsTokensItsAudioAndTheMemoryOfItsModel() throws Exception {
        byte[] file = Files.readAllBytes(ProjectFiles.root().resolve("samples/a-miracle.flac"));
        try (ListeningServer server = new ListeningServer(folder)) {
            assertThat(server.transcribe(file).statusCode()).isEqualTo(200);
            String[] request = {
                "method", "POST", "route", "/v1/audio/transcriptions", "status", "200"
            };
            Page page = () -> server.get("/metrics");
            Scrape after = scrapeAfter(page, 1, REQUESTS, request);
            String[] model = {"model", ListeningServer.MODEL};
            assertThat(after.value("parlo_model_audio_seconds_total", model)).isBetween(5.0, 6.0);
            assertThat(after.value("parlo_model_real_time_factor_count", model)).isEqualTo(1);
            assertThat(after.value("parlo_model_real_time_factor_sum", model)).isPositive();
            double steps = after.value("parlo_model_decoder_batch_rows_count", model);
            double rows = after.value("parlo_model_decoder_batch_rows_sum", model);
            assertThat(steps).isGreaterThan(5);
            assertThat(rows).isGreaterThanOrEqualTo(steps);
            assertThat(after.value("parlo_model_decoder_tokens_total", model)).isEqualTo(rows);
            assertThat(after.value("parlo_model_queue_wait_seconds_count", model)).isPositive();
            assertThat(after.value("parlo_model_load_duration_seconds_count", model)).isEqualTo(1);
            assertThat(
                            after.value(
                                    "parlo_model_request_duration_seconds_count",
                                    "model",
                                    ListeningServer.MODEL,
                                    "outcome",
                                    "ok"))
                    .isEqualTo(1);
            assertThat(after.value("parlo_model_memory_bytes", model)).isPositive();
            assertThat(after.value("parlo_model_queue_depth", model)).isZero();
            assertThat(after.value("parlo_native_memory_bytes")).isPositive();
            assertThat(after.value("process_resident_memory_bytes")).isPositive();
            scrapeAfter(page, 1, "parlo_requests_in_flight"); // the scrape itself
            assertThat(after.series("jvm_memory_used_bytes")).isNotEmpty();
            assertThat(after.type("parlo_model_decoder_tokens_total")).isEqualTo("counter");
            assertThat(after.type("parlo_http_request_duration_seconds")).isEqualTo("histogram");

            server.send("DELETE", "/api/ps/" + ListeningServer.MODEL);
            Scrape gone =
                    scrapeAfter(
                            page,
                            1,
                            "parlo_model_unloads_total",
                            "model",
                            ListeningServer.MODEL,
                            "reason",
                            "asked");
            assertThat(gone.value("parlo_model_memory_bytes", model)).isNaN();
            assertThat(gone.value("parlo_model_audio_seconds_total", model)).isPositive();
        }
    }

    @Tag("once")
    @Test
    void speechIsCountedWithItsFirstByteAndConversationsWhileTheyAreOpen() throws Exception {
        try (DoorServer server = DoorServer.start(folder)) {
            Page page = () -> server.get("/metrics");
            assertThat(server.postJson("/v1/audio/speech", HELLO).statusCode()).isEqualTo(200);
            String first = "parlo_speech_first_byte_duration_seconds";
            Scrape after = scrapeAfter(page, 1, first + "_count", "model", ESPEAK);
            assertThat(after.value(first + "_sum", "model", ESPEAK)).isPositive();
            assertThat(after.value("parlo_model_decoder_tokens_total", "model", ESPEAK)).isNaN();

            SocketClient client = server.connect("/v1/audio/transcriptions/stream?model=whisper");
            String[] sockets = {"protocol", "websocket"};
            scrapeAfter(page, 1, "parlo_sessions_open", sockets);
            client.socket().sendClose(4321, "as I like").join();
            scrapeAfter(page, 0, "parlo_sessions_open", sockets);
            scrapeAfter(
                    page,
                    1,
                    "parlo_session_duration_seconds_count",
                    "protocol",
                    "websocket",
                    "close",
                    "other");
        }
    }

    @Tag("once")
    @Test
    void nothingThatAClientGivesBecomesALabel() throws Exception {
        try (RunningServer server = new RunningServer(folder)) {
            String mine = "zzmine";
            server.ask("GET", "/" + mine + "/x");
            server.ask("ZZMINE", "/health");
            server.ask("GET", "/v1/models/" + mine + "/" + mine);
            server.transcribe(mine + "/" + mine, "1m");
            server.json("/v1/audio/speech", HELLO.replace(ESPEAK, mine + "/" + mine));
            server.json("/v1/audio/speech", HELLO.replace("wav", mine));
            Page page = () -> server.ask("GET", "/metrics");
            scrapeAfter(page, 1, REQUESTS, "method", "GET", "route", "unmatched", "status", "404");
            scrapeAfter(
                    page,
                    1,
                    REQUESTS,
                    "method",
                    "GET",
                    "route",
                    "/v1/models/{model_id}",
                    "status",
                    "404");
            Scrape after =
                    scrapeAfter(
                            page,
                            1,
                            REQUESTS,
                            "method",
                            "POST",
                            "route",
                            "/v1/audio/speech",
                            "status",
                            "422");
            await().until(() ->
                    scrape(page).value("parlo_http_refusals_total", "reason", "model_not_found")
                            >= 2);
            assertThat(page.get().body().toLowerCase(java.util.Locale.ROOT)).doesNotContain(mine);
        }
    }

    @Tag("once")
    @Test
    void requestsThatWaitAndThoseThatAreRefusedAreCounted() throws Exception {
        CountDownLatch load = new CountDownLatch(1);
        try (RunningServer server =
                new RunningServer(folder, "STT_QUEUE_SIZE", "0", "WHISPER__NUM_WORKERS", "1")) {
            server.beforeLoad.set(() -> {
                Latches.await(load);
            });
            CompletableFuture<Integer> first =
                    CompletableFuture.supplyAsync(() -> {
                        try {
                            return server.transcribe(RunningServer.BUILT_IN, "1m").statusCode();
                        } catch (Exception failure) {
                            throw new IllegalStateException(failure);
                        }
                    });
            Page page = () -> server.ask("GET", "/metrics");
            String[] model = {"model", RunningServer.BUILT_IN};
            scrapeAfter(page, 1, "parlo_model_queue_requests", model);
            assertThat(server.transcribe(RunningServer.BUILT_IN, "1m").statusCode()).isEqualTo(429);
            Scrape refused =
                    scrapeAfter(page, 1, "parlo_http_refusals_total", "reason", "overloaded");
            assertThat(refused.value("parlo_model_queue_refusals_total", model)).isEqualTo(1);
            assertThat(refused.value("parlo_model_queue_places", model)).isEqualTo(1);
            scrapeAfter(page, 2, "parlo_requests_in_flight");
            load.countDown();
            assertThat(first.join()).isEqualTo(200);
            scrapeAfter(page, 0, "parlo_model_queue_requests", model);
        } finally {
            load.countDown();
        }
    }

    @Tag("once")
    @Test
    void downloadsAreCountedByTheirEnd() throws Exception {
        try (RunningServer server = new RunningServer(folder)) {
            assertThat(server.ask("POST", "/v1/models/" + RunningServer.REMOTE).statusCode())
                    .isEqualTo(200);
            assertThat(server.ask("POST", "/v1/models/Acme/nowhere").statusCode()).isEqualTo(404);
            Page page = () -> server.ask("GET", "/metrics");
            String ended = "parlo_download_duration_seconds_count";
            scrapeAfter(page, 1, ended, "outcome", "failed");
            Scrape after = scrapeAfter(page, 1, ended, "outcome", "done");
            assertThat(after.value("parlo_downloads_running")).isZero();
        }
    }

    @Test
    void whoAcceptsOpenMetricsGetsIt() throws Exception {
        try (DoorServer server = DoorServer.start(folder)) {
            HttpResponse<String> answer =
                    server.get(
                            "/metrics",
                            "Accept",
                            "application/openmetrics-text;version=1.0.0;q=0.6,"
                                    + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2");
            assertThat(answer.headers().firstValue("Content-Type"))
                    .hasValue("application/openmetrics-text; version=1.0.0; charset=utf-8");
            assertThat(answer.body())
                    .contains("# TYPE parlo_requests_in_flight gauge\n")
                    .endsWith("# EOF\n");
        }
    }

    @Tag("once")
    @Test
    void figuresNeedTheKeyThatTheApiNeedsUnlessTheyAreOpenOrOff() throws Exception {
        String[] bearer = {"Authorization", "Bearer k"};
        for (String setting : List.of("on", "open", "off")) {
            Path home = Files.createDirectory(folder.resolve(setting));
            try (DoorServer server = DoorServer.start(home, "API_KEY", "k", "METRICS", setting)) {
                int without = server.get("/metrics").statusCode();
                int with = server.get("/metrics", bearer).statusCode();
                assertThat(List.of(without, with))
                        .as(setting)
                        .isEqualTo(
                                switch (setting) {
                                    case "on" -> List.of(403, 200);
                                    case "open" -> List.of(200, 200);
                                    default -> List.of(403, 404);
                                });
                // one that is not measured works all the same
                byte[] hello = HELLO.getBytes(StandardCharsets.UTF_8);
                assertThat(
                                server.post(
                                                "/v1/audio/speech",
                                                hello,
                                                "Content-Type",
                                                "application/json",
                                                bearer[0],
                                                bearer[1])
                                        .statusCode())
                        .isEqualTo(200);
            }
        }
    }
}
