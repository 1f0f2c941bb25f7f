package dev.parlo.server;

import static dev.parlo.server.RunningServer.BUILT_IN;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.parlo.server.transcription.FormBody;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The field {@code file_url} of transcriptions and translations. */
class FileUrlApiTest {
    @TempDir Path folder;

    private HttpServer media;

    @BeforeEach
    void serve() throws Exception {
        media = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        media.createContext(
                "/",
                exchange -> {
                    byte[] body = "RIFF".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        media.start();
    }

    @AfterEach
    void stop() {
        media.stop(0);
    }

    private HttpResponse<String> ask(RunningServer server, String path, FormBody more)
            throws Exception {
        String address = "http://127.0.0.1:" + media.getAddress().getPort() + "/a.wav?token=t0p";
        FormBody form = more.text("model", BUILT_IN).text("file_url", address);
        return server.post(path, form.contentType(), form.bytes());
    }

    @Test
    void aRecordingAtAnAddressIsTranscribedAsAnUploadedOneWhereTheOperatorAllowsIt()
            throws Exception {
        try (RunningServer server =
                new RunningServer(
                        folder, "FILE_URLS", "true", "FILE_URL_PRIVATE_HOSTS", "[\"127.0.0.1\"]")) {
            server.ask("POST", "/api/ps/" + BUILT_IN);
            server.engines.getLast().multilingual.set(true);
            String uploaded = server.form("/v1/audio/transcriptions", "model", BUILT_IN).body();
            for (String path :
                    new String[] {"/v1/audio/transcriptions", "/v1/audio/translations"}) {
                HttpResponse<String> fetched = ask(server, path, new FormBody());
                assertThat(fetched.statusCode()).as(fetched.body()).isEqualTo(200);
                assertThat(fetched.body()).contains("Hello world. Good bye.");
            }
            assertThat(ask(server, "/v1/audio/transcriptions", new FormBody()).body())
                    .isEqualTo(uploaded);
            HttpResponse<String> both =
                    ask(
                            server,
                            "/v1/audio/transcriptions",
                            new FormBody().file("file", "a", "audio/wav", new byte[] {1}));
            assertThat(both.statusCode()).isEqualTo(422);
            assertThat(both.body()).contains("file_url");
        }
    }

    @Test
    void byDefaultNoAddressIsFetchedAndWithoutAPrivateHostNoneOfThisNetwork() throws Exception {
        try (RunningServer server = new RunningServer(folder)) {
            HttpResponse<String> off = ask(server, "/v1/audio/transcriptions", new FormBody());
            assertThat(off.statusCode()).isEqualTo(400);
            assertThat(off.body()).contains("FILE_URLS", "invalid_file_url").doesNotContain("t0p");
        }
        try (RunningServer server = new RunningServer(folder.resolve("on"), "FILE_URLS", "true")) {
            HttpResponse<String> inside = ask(server, "/v1/audio/transcriptions", new FormBody());
            assertThat(inside.statusCode()).isEqualTo(400);
            assertThat(inside.body()).contains("not public").doesNotContain("t0p");
        }
    }
}
