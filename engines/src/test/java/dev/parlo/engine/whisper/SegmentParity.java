package dev.parlo.engine.whisper;

import dev.parlo.engine.Segment;
import dev.parlo.engine.Word;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import tools.jackson.databind.JsonNode;

/** Segments and words beside those of faster-whisper; prints the ones that differ. */
final class SegmentParity {
    private SegmentParity() {}

    /**
     * @param ends of the audio that a segment from a time on is heard in. Unlike faster-whisper we
     *     place nothing behind it, so the times expected end there too
     */
    static void compare(
            String name,
            List<Segment> found,
            JsonNode expected,
            DoubleUnaryOperator ends,
            ParityTally segments,
            ParityTally words) {
        for (int i = 0; i < Math.max(found.size(), expected.size()); i++) {
            if (i >= found.size() || i >= expected.size()) {
                segments.add(false);
                System.out.printf(
                        Locale.ROOT,
                        "%s segment %d: %s%n",
                        name,
                        i,
                        i < found.size() ? found.get(i) : expected.get(i));
                continue;
            }
            Segment segment = found.get(i);
            JsonNode answer = expected.get(i);
            double end = ends.applyAsDouble(answer.get("start").asDouble());
            boolean same =
                    segment.text().equals(answer.get("text").asString())
                            && within(segment.start(), answer.get("start"), end)
                            && within(segment.end(), answer.get("end"), end)
                            && near(
                                    segment.averageLogProbability(),
                                    answer.get("avg_logprob"),
                                    1e-3);
            segments.add(same);
            if (!same) {
                System.out.printf(
                        Locale.ROOT,
                        "%s segment %d:%n  %.2f-%.2f %.5f %s%n  %.2f-%.2f %.5f %s%n",
                        name,
                        i,
                        segment.start(),
                        segment.end(),
                        segment.averageLogProbability(),
                        segment.text(),
                        answer.get("start").asDouble(),
                        answer.get("end").asDouble(),
                        answer.get("avg_logprob").asDouble(),
                        answer.get("text").asString());
            }
            JsonNode expectedWords = answer.path("words");
            if (expectedWords.isArray()) {
                List<Word> foundWords = segment.words() == null ? List.of() : segment.words();
                for (int j = 0; j < Math.max(foundWords.size(), expectedWords.size()); j++) {
                    words.add(
                            j < foundWords.size()
                                    && j < expectedWords.size()
                                    && sameWord(foundWords.get(j), expectedWords.get(j)));
                }
            }
        }
    }

    private static boolean sameWord(Word found, JsonNode expected) {
        return found.text().equals(expected.get("word").asString())
                && near(found.start(), expected.get("start"), 0.0201)
                && near(found.end(), expected.get("end"), 0.0201);
    }

    private static boolean within(double found, JsonNode expected, double end) {
        return Math.abs(found - Math.min(expected.asDouble(), end)) <= 0.001;
    }

    static boolean near(double found, JsonNode expected, double tolerance) {
        return Math.abs(found - expected.asDouble()) <= tolerance;
    }
}
