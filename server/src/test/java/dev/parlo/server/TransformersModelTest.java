package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.TransformersWriter;
import dev.parlo.registry.TestHub;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint of the Transformers library from the Hub to a transcript, with the real engine. */
class TransformersModelTest {
    private static final String ID = "openai/whisper-small";

    @TempDir private Path folder;

    @Test
    void aTransformersCheckpointIsFoundDownloadedAndTranscribesAsTheSameModelDoes()
            throws Exception {
        Path repository = folder.resolve("repositories").resolve(ID);
        Path original = ProjectFiles.root().resolve("models/parlo/whisper-nano.en");
        try (Checkpoint checkpoint = Checkpoint.open(original)) {
            TransformersWriter.of(checkpoint)
                    .write(repository, "F32", original.resolve("tokenizer.json"));
        }
        Files.writeString(
                repository.resolve("README.md"),
                "---\nlanguage: en\nlibrary_name: transformers\ntags: [whisper, safetensors]\n"
                        + "pipeline_tag: automatic-speech-recognition\n---\n");
        for (String other : new String[] {"pytorch_model.bin", "flax_model.msgpack"}) {
            Files.writeString(repository.resolve(other), "the same weights again");
        }
        Files.writeString(folder.resolve("aliases.json"), "{\"mine\": \"" + ID + "\"}");
        byte[] recording =
                Files.readAllBytes(ProjectFiles.root().resolve("samples/a-miracle.flac"));
        try (TestHub hub = TestHub.start(folder.resolve("repositories"));
                ListeningServer server =
                        new ListeningServer(
                                folder,
                                "HF_HUB_OFFLINE",
                                "0",
                                "HF_ENDPOINT",
                                hub.endpoint().toString(),
                                "MODEL_ALIASES_PATH",
                                folder.resolve("aliases.json").toString())) {
            assertThat(server.get("/v1/registry?q=whisper").body())
                    .contains(ID, "whisper-transformers");
            assertThat(server.send("POST", "/v1/models/" + ID).statusCode()).isBetween(200, 201);
            assertThat(server.get("/v1/models/" + ID).body())
                    .contains("\"weights\":[\"model.safetensors\"]");
            HttpResponse<String> answer =
                    server.post("/v1/audio/transcriptions", recording, "model", "mine");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(server.transcribe(recording).body());
        }
    }
}
