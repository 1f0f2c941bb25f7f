package dev.parlo.server.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.Application;
import dev.parlo.server.Setting;
import dev.parlo.server.SettingsLoader;
import dev.parlo.server.device.Devices;
import dev.parlo.server.http.RawConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program with nothing downloaded. */
final class SpeechApplicationTest {
    @TempDir Path home;

    private Application start(boolean fallback) {
        Map<String, String> environment = new HashMap<>();
        environment.put("UVICORN_PORT", "0");
        environment.put("UVICORN_HOST", "127.0.0.1");
        environment.put("PARLO_CACHE_DIR", home.resolve("cache").toString());
        environment.put("HF_HUB_CACHE", home.resolve("hub").toString());
        environment.put("HF_HUB_OFFLINE", "1");
        environment.put("TTS_FALLBACK", Boolean.toString(fallback));
        return Application.start(
                SettingsLoader.load(environment, Map.<Setting, String>of(), home),
                home,
                Devices.onCpu(),
                (family, files, admission, cancellation) -> {
                    throw new IllegalStateException("no transcription here");
                },
                (file, type) -> {
                    throw new IllegalStateException("no audio here");
                });
    }

    private static HttpResponse<String> send(Application application, String path, String json)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(application.url() + path));
        if (!json.isEmpty()) {
            request.header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(json));
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void aFreshOfflineMachineSpeaks() throws Exception {
        try (Application application = start(true)) {
            HttpResponse<String> answer =
                    send(
                            application,
                            "/v1/audio/speech",
                            "{\"model\":\"tts-1\",\"input\":\"Hello\",\"voice\":\"alloy\"}");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.headers().firstValue("X-Parlo-Fallback").orElse(""))
                    .startsWith("espeak-ng/espeak-ng")
                    .contains("speaches-ai/Kokoro-82M-v1.0-ONNX");
            assertThat(send(application, "/v1/models", "").body()).contains("espeak-ng/espeak-ng");
            assertThat(send(application, "/v1/audio/voices", "").body())
                    .contains("\"id\":\"fr-fr\"", "\"data\":[");
            String voices = "/v1/audio/voices?model=";
            assertThat(send(application, voices + "espeak-ng/espeak-ng&legacy=1", "").body())
                    .startsWith("{\"voices\":[\"af\",")
                    .doesNotContain("model_id");
            assertThat(send(application, voices + "tts-1&legacy=1", "").body())
                    .as("the voices of the model that answers for a name")
                    .startsWith("{\"voices\":[\"af\",");
            assertThat(send(application, voices + "parlo/whisper-nano.en", "").statusCode())
                    .isEqualTo(404);
            HttpResponse<String> phonemes =
                    send(
                            application,
                            "/dev/phonemize",
                            "{\"text\":\"Hello world\",\"language\":\"a\"}");
            assertThat(phonemes.body()).contains("həlˈO wˈɜɹld").contains("\"tokens\":[50,");
            assertThat(
                            send(
                                            application,
                                            "/dev/generate_from_phonemes",
                                            "{\"phonemes\":\"a\",\"voice\":\"af_heart\"}")
                                    .statusCode())
                    .isEqualTo(400);
        }
    }

    /** Leaving it out would mix the voice of another model than was asked for. */
    @Test
    void aBrokenEscapeInTheModelOfAMixedVoiceIsRefused() throws Exception {
        try (Application application = start(true);
                RawConnection client = new RawConnection(URI.create(application.url()).getPort())) {
            assertThat(
                            client.send(
                                            "POST /v1/audio/voices/combine?model=%zz HTTP/1.1\r\n"
                                                    + "Host: 127.0.0.1\r\nContent-Length: 10\r\n"
                                                    + "Connection: close\r\n\r\n\"af_heart\"")
                                    .readAll())
                    .startsWith("HTTP/1.1 400 ")
                    .contains("'%25' for a percent sign");
        }
    }

    @Test
    void withoutFallbackTheModelIsMissing() throws Exception {
        try (Application application = start(false)) {
            HttpResponse<String> answer =
                    send(
                            application,
                            "/v1/audio/speech",
                            "{\"model\":\"tts-1\",\"input\":\"Hello\",\"voice\":\"alloy\"}");
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("speaches-ai/Kokoro-82M-v1.0-ONNX");
            assertThat(
                            send(
                                            application,
                                            "/v1/audio/speech",
                                            "{\"model\":\"espeak-ng/espeak-ng\",\"input\":\"Hello\",\"voice\":\"en-us\"}")
                                    .statusCode())
                    .isEqualTo(200);
        }
    }
}
