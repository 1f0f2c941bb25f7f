package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.vad.NanoVad;
import dev.parlo.engine.vad.SileroVad;
import dev.parlo.engine.vad.SpeechAudio;
import dev.parlo.engine.vad.VadOptions;
import dev.parlo.engine.vad.VoiceActivityDetector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Word error rates of the long recordings, of all their audio and of their speech alone, in order
 * and in batches: the figures of {@code docs/accuracy.md}. By {@code make parity}.
 */
class SpeechOfFilesRun {
    private static final String SILERO = "models/silero-vad/silero_vad.onnx";

    @TempDir private Path cache;
    private Golden golden;
    private JsonNode answers;
    private WhisperEngine engine;

    @BeforeEach
    void open() {
        golden = new Golden(SharedFiles.find("golden/audio"));
        answers = Golden.read(SharedFiles.find("golden/golden.json"));
        engine =
                WhisperEngine.open(
                        SharedFiles.builtInModel(),
                        WhisperEngineSettings.of(ComputeType.FLOAT32, 2, cache),
                        new Cancellation());
    }

    @AfterEach
    void close() {
        engine.close();
        golden.close();
    }

    @Test
    void speechAloneIsHeardAsWell() {
        double all = rate("all audio, in order", null, null, null);
        rate("all audio, in batches", null, null, 8);
        try (NanoVad nano = new NanoVad();
                SileroVad silero = SileroVad.open(SharedFiles.find(SILERO))) {
            double inOrder = rate("speech (built-in), in order", nano, VadOptions.FILTER, null);
            double batched = rate("speech (built-in), in batches", nano, VadOptions.BATCHED, 8);
            rate("speech (Silero v5), in order", silero, VadOptions.FILTER, null);
            rate("speech (Silero v5), in batches", silero, VadOptions.BATCHED, 8);
            assertThat(inOrder).isLessThan(all + 0.05);
            assertThat(batched).isLessThan(all + 0.05);
        }
    }

    private double rate(
            String what,
            @Nullable VoiceActivityDetector detector,
            @Nullable VadOptions vad,
            @Nullable Integer batchSize) {
        WordErrors errors = new WordErrors();
        TranscribeOptions options = TranscribeOptions.builder().batchSize(batchSize).build();
        for (JsonNode file : answers.get("files")) {
            AudioSource audio = golden.open(file.get("file").asString());
            errors.add(file.get("reference").asString(), heard(audio, detector, vad, options));
        }
        System.out.printf(
                Locale.ROOT,
                "PARITY word error rate of the files, %s: %.2f %%%n",
                what,
                100 * errors.rate());
        return errors.rate();
    }

    private String heard(
            AudioSource audio,
            @Nullable VoiceActivityDetector detector,
            @Nullable VadOptions vad,
            TranscribeOptions options) {
        Cancellation never = new Cancellation();
        AudioSource source =
                detector == null || vad == null
                        ? audio
                        : new SpeechAudio(audio, detector, vad, never);
        List<Segment> segments = new ArrayList<>();
        engine.transcribe(source, options, segments::add, never);
        StringBuilder text = new StringBuilder();
        segments.forEach(segment -> text.append(segment.text()));
        return text.toString();
    }
}
