package dev.parlo.server;

import static dev.parlo.server.RunningServer.BUILT_IN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.Latches;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The longest that a request may take, by setting and by header. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeadlineApiTest {
    private static final String BODY =
            "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n"
                    + BUILT_IN
                    + "\r\n--b\r\n"
                    + "Content-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n"
                    + "RIFF\r\n--b--\r\n";

    @TempDir Path folder;
    private final CountDownLatch loaded = new CountDownLatch(1);
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        loaded.countDown();
        client.close();
    }

    private RunningServer stuck(String... settings) throws IOException {
        RunningServer server = new RunningServer(folder, settings);
        server.beforeLoad.set(() -> {
            Latches.await(loaded);
        });
        return server;
    }

    private HttpResponse<String> transcribe(RunningServer server, String... headers)
            throws IOException, InterruptedException {
        URI uri = URI.create(server.application.url() + "/v1/audio/transcriptions");
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "multipart/form-data; boundary=b")
                        .POST(HttpRequest.BodyPublishers.ofString(BODY));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void assertEnded(HttpResponse<String> answer, String limit) {
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body())
                .contains("deadline_exceeded", "not done within " + limit + " s")
                .contains("X-Request-Timeout", "REQUEST_TIMEOUT");
        assertThat(answer.headers().firstValue("x-should-retry")).contains("false");
    }

    @Test
    void aRequestThatIsNotDoneInTheTimeOfItsHeaderIsEndedAndLeavesTheQueue() throws Exception {
        try (RunningServer server = stuck()) {
            assertEnded(transcribe(server, "X-Request-Timeout", "0.25"), "0.25");
            await().until(() -> server.ask("GET", "/api/ps").body().contains("\"leases\":0"));
            loaded.countDown(); // a stop would wait for the load
        }
    }

    @Test
    void theSettingHoldsForWhatComputesAndAHeaderGoesBeforeIt() throws Exception {
        try (RunningServer server = stuck("REQUEST_TIMEOUT", "1")) {
            assertEnded(transcribe(server, "X-Request-Timeout", "0.2"), "0.2");
            assertEnded(transcribe(server), "1");
            loaded.countDown();
            assertThat(transcribe(server, "X-Request-Timeout", "3600").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aTimeThatIsNoneIsRefused() throws Exception {
        try (RunningServer server = stuck()) {
            for (String none : new String[] {"soon", "0", "-1", "1e99", "1E-999999999", "NaN"}) {
                HttpResponse<String> answer = transcribe(server, "X-Request-Timeout", none);
                assertThat(answer.statusCode()).as(none).isEqualTo(400);
            }
            loaded.countDown();
        }
    }
}
