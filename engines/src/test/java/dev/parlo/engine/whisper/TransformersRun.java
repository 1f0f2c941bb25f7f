package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.OnnxWriter;
import dev.parlo.engine.whisper.checkpoint.TransformersWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * What a model says as a Transformers checkpoint or as an export to ONNX and as CTranslate2's, on
 * all recordings of the reference answers. Prints the figures of {@code docs/accuracy.md}; runs by
 * {@code make parity}.
 */
class TransformersRun {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "parlo/whisper-nano.en, F32, FLOAT32",
        "parlo/whisper-nano.en, F16, INT8",
        "parlo/whisper-nano.en, F16 in 3 shards, FLOAT32",
        "test/nano-bfloat16, BF16, FLOAT32",
        "parlo/whisper-nano.en, ONNX F32, FLOAT32",
        "parlo/whisper-nano.en, ONNX F16, INT8"
    })
    void everyRecordingIsAnsweredAlike(String name, String stored, ComputeType computed)
            throws Exception {
        Path original = SharedFiles.find("models/" + name);
        Path model = folder.resolve("model");
        write(original, model, stored);
        Tally tally = compare(original, model, computed);
        print(name, stored, computed, tally);
        assertThat(tally.same).isEqualTo(tally.all).isPositive();
    }

    /** Eight bits are other weights: what they cost is told in words, against what was said. */
    @ParameterizedTest
    @CsvSource({
        "parlo/whisper-nano.en, ONNX INT8, FLOAT32",
        "parlo/whisper-nano.en, ONNX UINT8, FLOAT32",
        "parlo/whisper-nano.en, ONNX INT8, INT8"
    })
    void eightBitsLoseFewWords(String name, String stored, ComputeType computed) throws Exception {
        Path original = SharedFiles.find("models/" + name);
        Path model = folder.resolve("model");
        write(original, model, stored);
        Tally tally = compare(original, model, computed);
        print(name, stored, computed, tally);
        assertThat(tally.errors.rate()).isLessThan(tally.expectedErrors.rate() + 0.05);
    }

    private static void write(Path original, Path model, String stored) throws Exception {
        try (Checkpoint checkpoint = Checkpoint.open(original)) {
            TransformersWriter writer = TransformersWriter.of(checkpoint);
            Path tokenizer = original.resolve("tokenizer.json");
            String numbers = stored.replaceFirst("^ONNX ", "").replaceFirst(" .*", "");
            if (stored.startsWith("ONNX")) {
                writer.writeConfig(model);
                Files.copy(tokenizer, model.resolve("tokenizer.json"));
                new OnnxWriter(writer, new OnnxWriter.Form(numbers, true, true, true)).write(model);
                return;
            }
            writer.write(model, numbers, tokenizer);
            if (stored.endsWith("shards")) {
                Files.delete(model.resolve("model.safetensors"));
                writer.writeShards(model, numbers, 3);
            }
        }
    }

    /** What both forms said of all recordings. */
    private static final class Tally {
        private int same;
        private int all;
        private final WordErrors errors = new WordErrors();
        private final WordErrors expectedErrors = new WordErrors();
    }

    private Tally compare(Path original, Path model, ComputeType computed) throws Exception {
        JsonNode answers = Golden.read(SharedFiles.find("golden/golden.json"));
        Tally tally = new Tally();
        try (Golden golden = new Golden(SharedFiles.find("golden/audio"));
                WhisperEngine expected = engine(original, computed);
                WhisperEngine found = engine(model, computed)) {
            for (JsonNode utterance : answers.get("utterances")) {
                String file = utterance.get("file").asString();
                List<Segment> one = said(found, golden, file);
                List<Segment> other = said(expected, golden, file);
                tally.all++;
                if (facts(one).equals(facts(other))) {
                    tally.same++;
                }
                tally.errors.add(utterance.get("reference").asString(), text(one));
                tally.expectedErrors.add(utterance.get("reference").asString(), text(other));
            }
        }
        return tally;
    }

    private static void print(String name, String stored, ComputeType computed, Tally tally) {
        System.out.printf(
                Locale.ROOT,
                "%s as %s, computed in %s: %d of %d recordings alike; word errors %.2f %%,"
                        + " as CTranslate2's %.2f %%%n",
                name,
                stored,
                computed.label(),
                tally.same,
                tally.all,
                100 * tally.errors.rate(),
                100 * tally.expectedErrors.rate());
    }

    private WhisperEngine engine(Path model, ComputeType type) {
        return WhisperEngine.open(
                model,
                WhisperEngineSettings.of(type, 2, folder.resolve("cache")),
                new Cancellation());
    }

    private static List<Segment> said(WhisperEngine engine, Golden golden, String file) {
        List<Segment> said = new ArrayList<>();
        engine.transcribe(
                golden.open(file),
                TranscribeOptions.builder().wordTimestamps(true).build(),
                said::add,
                new Cancellation());
        return said;
    }

    /** Times, tokens, probabilities and words of every segment. */
    private static List<String> facts(List<Segment> said) {
        return said.stream()
                .map(segment ->
                        segment.start()
                                + " "
                                + segment.end()
                                + java.util.Arrays.toString(segment.tokens())
                                + segment.averageLogProbability()
                                + segment.words())
                .toList();
    }

    private static String text(List<Segment> said) {
        StringBuilder text = new StringBuilder();
        said.forEach(segment -> text.append(segment.text()).append(' '));
        return text.toString();
    }
}
