package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.TransformersWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * What a model says as a Transformers checkpoint and as CTranslate2's, on all recordings of the
 * reference answers. Prints the figures of {@code docs/accuracy.md}; runs by {@code make parity}.
 */
class TransformersRun {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "parlo/whisper-nano.en, F32, FLOAT32",
        "parlo/whisper-nano.en, F16, INT8",
        "test/nano-bfloat16, BF16, FLOAT32"
    })
    void everyRecordingIsAnsweredAlike(String name, String stored, ComputeType computed)
            throws Exception {
        Path original = SharedFiles.find("models/" + name);
        Path model = folder.resolve("model");
        try (Checkpoint checkpoint = Checkpoint.open(original)) {
            TransformersWriter.of(checkpoint)
                    .write(model, stored, original.resolve("tokenizer.json"));
        }
        JsonNode answers = Golden.read(SharedFiles.find("golden/golden.json"));
        int same = 0;
        int all = 0;
        try (Golden golden = new Golden(SharedFiles.find("golden/audio"));
                WhisperEngine expected = engine(original, computed);
                WhisperEngine found = engine(model, computed)) {
            for (JsonNode utterance : answers.get("utterances")) {
                String file = utterance.get("file").asString();
                all++;
                if (said(found, golden, file).equals(said(expected, golden, file))) {
                    same++;
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%s as %s, computed in %s: %d of %d recordings alike%n",
                name,
                stored,
                computed.label(),
                same,
                all);
        assertThat(same).isEqualTo(all).isPositive();
    }

    private WhisperEngine engine(Path model, ComputeType type) {
        return WhisperEngine.open(
                model,
                WhisperEngineSettings.of(type, 2, folder.resolve("cache")),
                new Cancellation());
    }

    /** Times, tokens, probabilities and words of every segment. */
    private static List<String> said(WhisperEngine engine, Golden golden, String file) {
        List<String> said = new ArrayList<>();
        engine.transcribe(
                golden.open(file),
                TranscribeOptions.builder().wordTimestamps(true).build(),
                (Segment segment) ->
                        said.add(
                                segment.start()
                                        + " "
                                        + segment.end()
                                        + java.util.Arrays.toString(segment.tokens())
                                        + segment.averageLogProbability()
                                        + segment.words()),
                new Cancellation());
        return said;
    }
}
