package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.TranscribeOptionsBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Word error rates of the built-in model by how much of a window is encoded; runs by {@code make
 * parity} and prints the figures of {@code docs/accuracy.md}.
 */
class ShortWindowsRun {
    private static final List<Integer> CONTEXTS = List.of(0, 1000, 750, 500, 250, 1);

    @TempDir private Path cache;
    private Golden golden;
    private JsonNode answers;

    @BeforeEach
    void open() {
        golden = new Golden(SharedFiles.find("golden/audio"));
        answers = Golden.read(SharedFiles.find("golden/golden.json"));
    }

    @AfterEach
    void close() {
        golden.close();
    }

    @Test
    void wordErrorsByAudioContext() {
        for (ComputeType type : List.of(ComputeType.FLOAT32, ComputeType.INT8)) {
            try (WhisperEngine engine =
                    WhisperEngine.open(
                            SharedFiles.builtInModel(),
                            WhisperEngineSettings.of(type, 1, cache),
                            new Cancellation())) {
                report(engine, type, "utterances", TranscribeOptions.builder());
                report(engine, type, "files", TranscribeOptions.builder().batchSize(1));
            }
        }
    }

    /**
     * With the default ladder of temperatures: without it one window that repeats itself changes a
     * rate by percents. Samples are drawn with one seed.
     */
    private void report(
            WhisperEngine engine,
            ComputeType type,
            String recordings,
            TranscribeOptionsBuilder options) {
        options.seed(OptionalLong.of(1));
        double whole = 0;
        for (int context : CONTEXTS) {
            WordErrors errors = new WordErrors();
            for (JsonNode recording : answers.get(recordings)) {
                StringBuilder heard = new StringBuilder();
                engine.transcribe(
                        golden.open(recording.get("file").asString()),
                        options.audioContext(context).build(),
                        segment -> heard.append(segment.text()),
                        new Cancellation());
                errors.add(recording.get("reference").asString(), heard.toString());
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s, %s, audio_ctx %d: word error rate %.2f %%%n",
                    recordings,
                    type.label(),
                    context,
                    100 * errors.rate());
            if (context == 0) {
                whole = errors.rate();
            }
            assertThat(errors.rate()).isLessThan(whole + 0.03);
        }
    }
}
