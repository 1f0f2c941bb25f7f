package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.parakeet.TinyParakeet;
import dev.parlo.registry.TestHub;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parakeet from the Hub to transcripts, with the real engine on graphs of the same interface. */
class ParakeetModelTest {
    private static final String ID = "istupakov/parakeet-tdt-0.6b-v3-onnx";

    @TempDir private Path folder;

    private ListeningServer server(TestHub hub) {
        return new ListeningServer(
                folder, "HF_HUB_OFFLINE", "0", "HF_ENDPOINT", hub.endpoint().toString());
    }

    private void publish() throws Exception {
        Path repository = folder.resolve("repositories").resolve(ID);
        new TinyParakeet(7).write(repository, "");
        new TinyParakeet(8).write(repository, ".int8");
        Files.writeString(repository.resolve("nemo128.onnx"), "not needed");
        Files.writeString(
                repository.resolve("README.md"),
                "---\nlanguage: [en, de]\nlibrary_name: onnx-asr\n"
                        + "tags: [nemo-conformer-tdt]\n"
                        + "pipeline_tag: automatic-speech-recognition\n---\n");
    }

    @Test
    void aPrecisionOfParakeetIsFoundDownloadedAloneAndTranscribesInEveryFormat() throws Exception {
        publish();
        byte[] recording =
                Files.readAllBytes(ProjectFiles.root().resolve("samples/a-miracle.flac"));
        try (TestHub hub = TestHub.start(folder.resolve("repositories"));
                ListeningServer server = server(hub)) {
            assertThat(server.get("/v1/registry?q=parakeet").body())
                    .contains("\"" + ID + "\"", "\"" + ID + ":int8\"");
            assertThat(server.send("POST", "/v1/models/" + ID + ":int8").statusCode())
                    .isEqualTo(200);
            assertThat(server.get("/v1/models/" + ID + ":int8").body())
                    .contains(
                            "\"weights\":[\"decoder_joint-model.int8.onnx\","
                                    + "\"encoder-model.int8.onnx\"]");
            assertThat(server.send("POST", "/v1/models/" + ID).statusCode()).isEqualTo(200);
            assertThat(server.send("POST", "/v1/models/" + ID + ":q4").body())
                    .contains("holds no variant 'q4'", ID + ":int8");
            String whole = text(server, recording, ID);
            String int8 = text(server, recording, ID + ":int8");
            assertThat(whole).isNotBlank().isNotEqualTo(int8);
            assertThat(
                            answer(
                                    server,
                                    recording,
                                    "verbose_json",
                                    "timestamp_granularities[]",
                                    "word"))
                    .contains("\"words\":[{", "\"duration\":", "\"language\":\"en");
            assertThat(answer(server, recording, "srt")).startsWith("1\n00:00:0").contains("-->");
            assertThat(answer(server, recording, "vtt")).startsWith("WEBVTT");
            assertThat(answer(server, recording, "json", "include[]", "logprobs"))
                    .contains("\"logprobs\":[{");
            assertThat(answer(server, recording, "text", "vad_filter", "false")).isNotBlank();
            assertThat(answer(server, recording, "json", "stream", "true"))
                    .contains("transcript.text.delta", "transcript.text.done");
            HttpResponse<String> translated =
                    server.post("/v1/audio/translations", recording, "model", ID);
            assertThat(translated.statusCode()).isEqualTo(400);
            assertThat(translated.body()).contains("cannot translate");
            assertThat(server.send("DELETE", "/v1/models/" + ID + ":int8").statusCode())
                    .isEqualTo(200);
            assertThat(server.get("/v1/models").body())
                    .contains("\"" + ID + "\"")
                    .doesNotContain(":int8");
            assertThat(text(server, recording, ID)).isEqualTo(whole);
        }
    }

    @Test
    void aFineTuneIsAskedInTheLanguageOfItsCardAndNotInOneThatNobodyNames() throws Exception {
        Path model = folder.resolve("models/fine/parakeet-basque");
        new TinyParakeet(7).write(model, "");
        TinyParakeet.widen(model, 3000);
        Files.writeString(model.resolve("README.md"), "---\nlanguage: eu\n---\n");
        byte[] recording =
                Files.readAllBytes(ProjectFiles.root().resolve("samples/a-miracle.flac"));
        try (ListeningServer server =
                new ListeningServer(folder, "MODELS_PATH", folder.resolve("models").toString())) {
            for (String language : new String[] {"eu", "Basque", "de"}) {
                HttpResponse<String> answer = ask(server, recording, "language", language);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            }
            assertThat(ask(server, recording, "batch_size", "4").body())
                    .contains("\"language\":\"eu\"");
            HttpResponse<String> refused = ask(server, recording, "language", "ja");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("'ja' is not known", "eu");
        }
    }

    private static HttpResponse<String> ask(
            ListeningServer server, byte[] recording, String field, String value) throws Exception {
        return server.post(
                "/v1/audio/transcriptions",
                recording,
                "model",
                "fine/parakeet-basque",
                "response_format",
                "verbose_json",
                field,
                value);
    }

    private static String text(ListeningServer server, byte[] recording, String model)
            throws Exception {
        HttpResponse<String> answer =
                server.post(
                        "/v1/audio/transcriptions",
                        recording,
                        "model",
                        model,
                        "response_format",
                        "text");
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private static String answer(
            ListeningServer server, byte[] recording, String format, String... fields)
            throws Exception {
        String[] all = java.util.Arrays.copyOf(fields, fields.length + 4);
        System.arraycopy(
                new String[] {"model", ID, "response_format", format}, 0, all, fields.length, 4);
        HttpResponse<String> answer = server.post("/v1/audio/transcriptions", recording, all);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }
}
