package dev.parlo.server;

import static dev.parlo.server.RunningServer.BUILT_IN;
import static dev.parlo.server.RunningServer.REMOTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.Latches;
import dev.parlo.engine.Transcript;
import dev.parlo.server.transcription.FormBody;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that wait for a load are bounded, and refused before their upload is read. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QueueApiTest {
    private static final String MODEL = "Content-Disposition: form-data; name=\"model\"\r\n\r\n";
    private static final String FILE =
            "Content-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nRIFF";

    @TempDir Path folder;
    private final CountDownLatch loaded = new CountDownLatch(1);
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        loaded.countDown();
        for (Socket socket : sockets) {
            socket.close();
        }
        clients.close();
    }

    /** One request computes or loads, one waits. */
    private RunningServer stuck() throws IOException {
        RunningServer server =
                new RunningServer(folder, "STT_QUEUE_SIZE", "1", "WHISPER__NUM_WORKERS", "1");
        server.beforeLoad.set(() -> {
            Latches.await(loaded);
        });
        return server;
    }

    private CompletableFuture<Integer> transcription(RunningServer server) {
        return transcription(server, BUILT_IN);
    }

    private CompletableFuture<Integer> transcription(RunningServer server, String model) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return server.transcribe(model, "1m").statusCode();
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                clients);
    }

    private List<CompletableFuture<Integer>> fill(RunningServer server) {
        return fill(server, BUILT_IN);
    }

    private List<CompletableFuture<Integer>> fill(RunningServer server, String model) {
        List<CompletableFuture<Integer>> waiting =
                List.of(transcription(server, model), transcription(server, model));
        await().until(() -> server.ask("GET", "/api/ps").body().contains("\"leases\":2"));
        return waiting;
    }

    /** The head of the answer to a form of a gigabyte of which only these parts are sent. */
    private CompletableFuture<String> beginning(RunningServer server, String... parts)
            throws IOException {
        return beginningTo(server, "/v1/audio/transcriptions", parts);
    }

    private CompletableFuture<String> beginningTo(
            RunningServer server, String path, String... parts) throws IOException {
        URI uri = URI.create(server.application.url());
        Socket socket = new Socket("127.0.0.1", uri.getPort());
        sockets.add(socket);
        OutputStream out = socket.getOutputStream();
        StringBuilder text = new StringBuilder();
        text.append("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n")
                .append("Content-Type: multipart/form-data; boundary=b\r\n")
                .append("Content-Length: 1000000000\r\n\r\n");
        for (int i = 0; i < parts.length; i++) {
            text.append(i == 0 ? "--b\r\n" : "\r\n--b\r\n").append(parts[i]);
        }
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
        return CompletableFuture.supplyAsync(() -> head(socket), clients);
    }

    private static String head(Socket socket) {
        try {
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            StringBuilder head = new StringBuilder();
            for (String line = in.readLine();
                    line != null && !line.isEmpty();
                    line = in.readLine()) {
                head.append(line).append('\n');
            }
            return head.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFullQueueBeforeALoadRefusesBeforeTheUploadIsRead() throws Exception {
        try (RunningServer server = stuck()) {
            List<CompletableFuture<Integer>> waiting = fill(server);
            String head = beginning(server, MODEL + BUILT_IN, FILE).join();
            assertThat(head).startsWith("HTTP/1.1 429").contains("Retry-After: ");
            loaded.countDown();
            assertThat(waiting).allSatisfy(one -> assertThat(one.join()).isEqualTo(200));
        }
    }

    @Test
    void aModelNamedAfterTheFileIsRefusedAtItsFieldWithoutWaitingForTheRest() throws Exception {
        try (RunningServer server = stuck()) {
            List<CompletableFuture<Integer>> waiting = fill(server);
            String head = beginning(server, FILE, MODEL + BUILT_IN, "rest").join();
            assertThat(head).startsWith("HTTP/1.1 429");
            loaded.countDown();
            assertThat(waiting).allSatisfy(one -> assertThat(one.join()).isEqualTo(200));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/inference,model",
        "/v1/speech-to-text,model_id",
        "/v1/audio/transcriptions,model",
        "/asr?model=parlo/small,model"
    })
    void aRequestWaitsBeforeTheModelThatItNamesAndNoOther(String path, String field)
            throws Exception {
        CountDownLatch computing = new CountDownLatch(1);
        try (RunningServer server =
                new RunningServer(folder, "STT_QUEUE_SIZE", "1", "WHISPER__NUM_WORKERS", "1")) {
            server.ask("POST", "/v1/models/" + REMOTE);
            server.ask("POST", "/api/ps/" + REMOTE);
            server.engines
                    .getLast()
                    .script
                    .set((options, sink, cancellation) -> {
                        computing.countDown();
                        Latches.await(loaded);
                        return new Transcript("en", 1, 2.5, Map.of());
                    });
            // The one that answers where none is named: it is the only one that is loaded.
            List<CompletableFuture<Integer>> waiting = fill(server, REMOTE);
            computing.await();
            HttpResponse<String> another =
                    path.startsWith("/asr")
                            ? asr(server, path, field)
                            : server.form(path, field, BUILT_IN);
            assertThat(another.statusCode()).as(another.body()).isEqualTo(200);
            loaded.countDown();
            assertThat(waiting).allSatisfy(one -> assertThat(one.join()).isEqualTo(200));
        }
    }

    /** Its model is in the query; a field of that name means nothing. */
    private static HttpResponse<String> asr(RunningServer server, String path, String field)
            throws IOException, InterruptedException {
        FormBody form =
                new FormBody()
                        .text(field, REMOTE)
                        .file("audio_file", "a.wav", "audio/wav", new byte[] {1, 2});
        return server.post(path, form.contentType(), form.bytes());
    }

    @ParameterizedTest
    @CsvSource({"/inference,model", "/v1/speech-to-text,model_id"})
    void aFullQueueRefusesAModelThatIsNamedAtItsField(String path, String field) throws Exception {
        try (RunningServer server = stuck()) {
            List<CompletableFuture<Integer>> waiting = fill(server);
            String named = MODEL.replace("model", field) + BUILT_IN;
            assertThat(beginningTo(server, path, named, FILE).join()).startsWith("HTTP/1.1 429");
            loaded.countDown();
            assertThat(waiting).allSatisfy(one -> assertThat(one.join()).isEqualTo(200));
        }
    }

    @Test
    void uploadsWhoseModelIsNotKnownYetAreBoundedToo() throws Exception {
        try (RunningServer server = stuck()) {
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                answers.add(beginning(server, FILE));
            }
            Object first =
                    CompletableFuture.anyOf(answers.toArray(CompletableFuture[]::new)).join();
            assertThat(first.toString()).startsWith("HTTP/1.1 429");
            loaded.countDown();
            for (Socket socket : sockets) {
                socket.close(); // a stop would wait for the rest of the uploads
            }
        }
    }

    @Test
    void aClientThatLeavesWhileItsModelIsLoadedGivesItsPlaceBack() throws Exception {
        try (RunningServer server = stuck()) {
            CompletableFuture<Integer> first = transcription(server);
            await().until(() -> server.ask("GET", "/api/ps").body().contains("\"leases\":1"));
            String whole = "\r\n--b--\r\n";
            beginningWhole(server, "--b\r\n" + MODEL + BUILT_IN + "\r\n--b\r\n" + FILE + whole);
            await().until(() -> server.ask("GET", "/api/ps").body().contains("\"leases\":2"));
            sockets.getLast().close();
            await().until(() -> server.ask("GET", "/api/ps").body().contains("\"leases\":1"));
            loaded.countDown();
            assertThat(first.join()).isEqualTo(200);
        }
    }

    private void beginningWhole(RunningServer server, String body) throws IOException {
        Socket socket = new Socket("127.0.0.1", URI.create(server.application.url()).getPort());
        sockets.add(socket);
        String head =
                "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    @Test
    void aLoadedModelsStayIsChangedWith200AndThePlainCallStays409() throws Exception {
        loaded.countDown();
        try (RunningServer server = new RunningServer(folder)) {
            String model = "/api/ps/" + BUILT_IN;
            assertThat(server.ask("POST", model).statusCode()).isEqualTo(201);
            assertThat(server.ask("POST", model).statusCode()).isEqualTo(409);
            assertThat(server.ask("POST", model + "?keep_alive=1000").statusCode()).isEqualTo(200);
            assertThat(server.ask("GET", "/api/ps").body())
                    .contains("\"keep_alive_seconds\":1000", "\"pinned\":false");
            assertThat(server.ask("POST", model + "?pin=true").statusCode()).isEqualTo(200);
            assertThat(server.ask("GET", "/api/ps").body())
                    .contains("\"keep_alive_seconds\":1000", "\"pinned\":true");
            assertThat(server.ask("POST", model + "?pin=false").statusCode()).isEqualTo(200);
            assertThat(server.ask("POST", model + "?keep_alive=0").statusCode()).isEqualTo(200);
            assertThat(server.ask("GET", "/api/ps").body()).contains("\"models\":[]");
        }
    }
}
