package dev.parlo.engine.ggml;

import static dev.parlo.engine.ggml.ScriptedGgml.PLAIN;
import static dev.parlo.engine.ggml.ScriptedGgml.silence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.TranscribeOptionsBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Options that whisper.cpp has no counterpart for. */
class GgmlOptionsTest {
    @TempDir static Path folder;
    private static GgmlWhisperEngine engine;

    @BeforeAll
    static void writeModel() throws IOException {
        engine = ScriptedGgml.open(ScriptedGgml.multilingual(folder));
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    static Stream<Arguments> refusedOptions() {
        return Stream.of(
                refused("beam_size", b -> b.beamSize(9)),
                refused("beam_size", b -> b.beamSize(0)),
                refused("best_of", b -> b.bestOf(9)),
                refused("patience", b -> b.patience(2)),
                refused("length_penalty", b -> b.lengthPenalty(0)),
                refused("repetition_penalty", b -> b.repetitionPenalty(1.1)),
                refused("no_repeat_ngram_size", b -> b.noRepeatNgramSize(3)),
                refused("temperature", b -> b.temperatures(List.of())),
                refused("temperature", b -> b.temperatures(List.of(Double.NaN))),
                refused("max_initial_timestamp", b -> b.maxInitialTimestamp(31)),
                refused("prefix", b -> b.prefix("so")),
                refused("hotwords", b -> b.hotwords("Parlo")),
                refused("suppress_tokens", b -> b.suppressTokens(List.of(5))),
                refused("word_timestamps", b -> b.wordTimestamps(true)),
                refused("max_new_tokens", b -> b.maxNewTokens(10)),
                refused("chunk_length", b -> b.chunkLengthSeconds(20)),
                refused("audio_ctx", b -> b.audioContext(1501)),
                refused("clip_timestamps", b -> b.clipTimestamps(List.of(1.0, 2.0))),
                refused(
                        "hallucination_silence_threshold",
                        b -> b.hallucinationSilenceThreshold(2.0)),
                refused("seed", b -> b.seed(OptionalLong.of(1))),
                refused("language", b -> b.language("tlh")),
                refused("languages", b -> b.languages(List.of("en", "tlh"))),
                refused("language_detection_segments", b -> b.languageDetectionSegments(0)),
                refused("initial_prompt", b -> b.promptTokens(new int[] {51865})),
                refused("initial_prompt", b -> b.promptTokens(new int[] {-1})));
    }

    private static Arguments refused(
            String option, UnaryOperator<TranscribeOptionsBuilder> change) {
        return Arguments.of(option, change.apply(PLAIN.toBuilder()).build());
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("refusedOptions")
    void anOptionWithoutCounterpartIsRefusedByName(String option, TranscribeOptions options) {
        SegmentSink none = segment -> assertThat(segment).isNull();
        assertThatThrownBy(() -> engine.transcribe(silence(1), options, none, new Cancellation()))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.category()).isEqualTo(Category.BAD_REQUEST))
                .hasMessageContaining(" " + option + " ");
    }
}
