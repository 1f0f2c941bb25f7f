package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.audio.AudioDecoder;
import dev.parlo.engine.audio.AudioLimits;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.server.http.Json;
import dev.parlo.server.transcription.FormBody;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The requests of Bazarr's Whisper provider (1.5) as Python's requests sends them, with the real
 * decoder and the built-in model.
 */
class BazarrTest {
    @TempDir Path folder;

    /** What FFmpeg makes of the film for it: {@code -f s16le -ac 1 -ar 16000}. */
    private static byte[] film() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (AudioDecoder decoder = new AudioDecoder(1, new AudioLimits(1L << 28, 600));
                AudioSource.Reader reader =
                        decoder.open(ProjectFiles.root().resolve("samples/a-miracle.flac"))
                                .open()) {
            float[] block = new float[1 << 14];
            for (int n = reader.read(block); n >= 0; n = reader.read(block)) {
                for (int i = 0; i < n; i++) {
                    int sample = Math.round(block[i] * 32_768);
                    bytes.write(sample);
                    bytes.write(sample >> 8);
                }
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void bazarrLearnsTheLanguageAndGetsItsSubtitles() throws Exception {
        // requests names a file after its field and gives it no content type
        FormBody form =
                new FormBody()
                        .part(
                                "form-data; name=\"audio_file\"; filename=\"audio_file\"",
                                null,
                                film());
        try (ListeningServer server = new ListeningServer(folder)) {
            HttpResponse<String> language =
                    server.post("/detect-language?encode=false", form.contentType(), form.bytes());
            JsonNode detected = Json.mapper().readTree(language.body());
            assertThat(detected.path("language_code").asString()).isEqualTo("en");
            assertThat(detected.path("detected_language").asString()).isEqualTo("english");
            HttpResponse<String> subtitles =
                    server.post(
                            "/asr?task=transcribe&language=en&output=srt&encode=false",
                            form.contentType(),
                            form.bytes());
            assertThat(subtitles.statusCode()).isEqualTo(200);
            assertThat(subtitles.headers().firstValue("Content-Type"))
                    .hasValue("text/plain; charset=utf-8");
            assertThat(subtitles.body())
                    .matches("(?s)1\n00:00:\\d\\d,\\d{3} --> 00:00:\\d\\d,\\d{3}\n.*\n\n")
                    .containsIgnoringCase("miracle");
        }
    }
}
