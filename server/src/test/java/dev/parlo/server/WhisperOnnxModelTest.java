package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.OnnxWriter;
import dev.parlo.engine.whisper.checkpoint.TransformersWriter;
import dev.parlo.registry.TestHub;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports of Whisper to ONNX from the Hub to a transcript, with the real engine. */
class WhisperOnnxModelTest {
    private static final String ID = "onnx-community/whisper-tiny";

    @TempDir private Path folder;

    @Test
    void anExportToOnnxIsFoundDownloadedAndTranscribesAsTheSameModelDoes() throws Exception {
        Path repository = folder.resolve("repositories").resolve(ID);
        Path original = ProjectFiles.root().resolve("models/parlo/whisper-nano.en");
        try (Checkpoint checkpoint = Checkpoint.open(original)) {
            TransformersWriter writer = TransformersWriter.of(checkpoint);
            writer.writeConfig(repository);
            for (OnnxWriter.Form form :
                    new OnnxWriter.Form[] {
                        new OnnxWriter.Form("F32", true, true, true),
                        new OnnxWriter.Form("INT8", true, false, true)
                    }) {
                new OnnxWriter(writer, form).write(repository);
            }
        }
        Files.copy(original.resolve("tokenizer.json"), repository.resolve("tokenizer.json"));
        Files.writeString(
                repository.resolve("README.md"),
                "---\nlanguage: en\nlibrary_name: transformers.js\ntags: [whisper, onnx]\n"
                        + "pipeline_tag: automatic-speech-recognition\n---\n");
        byte[] recording =
                Files.readAllBytes(ProjectFiles.root().resolve("samples/a-miracle.flac"));
        try (TestHub hub = TestHub.start(folder.resolve("repositories"));
                ListeningServer server =
                        new ListeningServer(
                                folder,
                                "HF_HUB_OFFLINE",
                                "0",
                                "HF_ENDPOINT",
                                hub.endpoint().toString())) {
            assertThat(server.get("/v1/registry?q=whisper").body())
                    .contains("\"" + ID + "\"", ID + ":int8", "whisper-onnx");
            assertThat(server.send("POST", "/v1/models/" + ID + ":int8").statusCode())
                    .isBetween(200, 201);
            assertThat(server.get("/v1/models/" + ID + ":int8").body())
                    .contains("onnx/decoder_model_merged_int8.onnx")
                    .doesNotContain("decoder_model_merged.onnx");
            assertThat(transcript(server, recording, ID + ":int8")).contains("miracle");
            assertThat(server.send("POST", "/v1/models/" + ID).statusCode()).isBetween(200, 201);
            assertThat(transcript(server, recording, ID))
                    .isEqualTo(server.transcribe(recording).body());
        }
    }

    private static String transcript(ListeningServer server, byte[] recording, String model)
            throws Exception {
        HttpResponse<String> answer =
                server.post("/v1/audio/transcriptions", recording, "model", model);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }
}
