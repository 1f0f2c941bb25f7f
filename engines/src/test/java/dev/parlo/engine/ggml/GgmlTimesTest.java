package dev.parlo.engine.ggml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.ggml.ScriptedGgml.Run;
import dev.parlo.engine.ggml.WindowResult.WindowSegment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times of segments where the library has none, or impossible ones. */
class GgmlTimesTest {
    @TempDir Path folder;

    /** Two decoder layers: the shape of the first distilled models, always without timestamps. */
    @ParameterizedTest
    @CsvSource({
        "51864, 2, false",
        "51865, 2, false",
        "51864, 3, true",
        "51865, 3, true",
        "51866, 2, true"
    })
    void aSegmentDecodedWithoutTimestampsBeginsWithItsWindow(
            int vocabulary, int layers, boolean withoutTimestamps) throws IOException {
        Path model = folder.resolve("ggml-random.bin");
        GgmlModelWriter.random(
                model, GgmlModelWriter.layout(vocabulary, 64, layers, GgmlType.F16), 1);
        TranscribeOptions options =
                ScriptedGgml.PLAIN.toBuilder()
                        .beamSize(1)
                        .language("en")
                        .withoutTimestamps(withoutTimestamps)
                        .logProbThreshold(null)
                        .noSpeechThreshold(null)
                        .compressionRatioThreshold(null)
                        .build();
        try (GgmlWhisperEngine engine = ScriptedGgml.open(model)) {
            Run run = run(engine, options);
            assertThat(run.segments()).isNotEmpty();
            double before = 0;
            for (Segment segment : run.segments()) {
                assertThat(segment.start()).isGreaterThanOrEqualTo(segment.seek() / 100.0 - 1e-9);
                assertThat(segment.start()).isGreaterThanOrEqualTo(before);
                assertThat(segment.end()).isGreaterThan(segment.start()).isLessThanOrEqualTo(33.63);
                before = segment.end();
            }
            assertThat(run.segments().getFirst().start()).isZero();
            assertThat(run.segments()).hasSizeLessThan(8);
        }
    }

    private static Run run(GgmlWhisperEngine engine, TranscribeOptions options) {
        return ScriptedGgml.run(engine, 33.63, options);
    }

    @Property(tries = 300)
    void whateverTheLibrarySaysSegmentsLieInTheWindowInOrder(
            @ForAll @Size(max = 8) List<@IntRange(min = -110_000, max = 4_000) Integer> times,
            @ForAll @IntRange(min = 1, max = 3_000) int content) {
        List<WindowSegment> pieces = new ArrayList<>();
        for (int i = 0; i + 1 < times.size(); i += 2) {
            pieces.add(
                    new WindowSegment(
                            times.get(i), times.get(i + 1), "x", new int[0], new double[0]));
        }
        List<WindowSegment> bounded = new WindowResult(pieces, 0, 0, 0).within(content);
        assertThat(bounded).hasSameSizeAs(pieces);
        long before = 0;
        for (WindowSegment piece : bounded) {
            assertThat(piece.startCentiseconds()).isBetween(before, (long) content);
            assertThat(piece.endCentiseconds())
                    .isBetween(piece.startCentiseconds(), (long) content);
            before = piece.endCentiseconds();
        }
    }
}
