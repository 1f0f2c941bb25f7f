package dev.parlo.spark;

import dev.parlo.engine.Segment;
import dev.parlo.engine.Word;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a piece, as it is kept in the checkpoint. Its names are those of the table.
 *
 * @param start seconds of the file
 * @param end seconds of the file
 * @param finished milliseconds since 1970
 */
record PieceTranscript(
        String recording,
        int piece,
        double start,
        double end,
        @Nullable String language,
        double language_probability,
        List<Line> segments,
        @Nullable Failure error,
        long finished) {

    static PieceTranscript failed(Piece piece, Failure error) {
        return of(piece, null, 0, List.of(), error);
    }

    static PieceTranscript of(
            Piece piece,
            @Nullable String language,
            double probability,
            List<Line> segments,
            @Nullable Failure error) {
        return new PieceTranscript(
                piece.recording(),
                piece.number(),
                piece.span().start(),
                piece.span().end(),
                language,
                probability,
                segments,
                error,
                System.currentTimeMillis());
    }

    /** A segment of the table. */
    record Line(
            double start,
            double end,
            String text,
            @Nullable String speaker,
            List<Spoken> words,
            double avg_logprob,
            double compression_ratio,
            double no_speech_prob,
            double temperature) {
        static Line of(Segment segment) {
            List<Word> words = segment.words();
            return new Line(
                    segment.start(),
                    segment.end(),
                    segment.text(),
                    segment.speaker(),
                    words == null ? List.of() : words.stream().map(Spoken::of).toList(),
                    segment.averageLogProbability(),
                    segment.compressionRatio(),
                    segment.noSpeechProbability(),
                    segment.temperature());
        }
    }

    /** A word of the table. */
    record Spoken(
            double start, double end, String word, double probability, @Nullable String speaker) {
        static Spoken of(Word word) {
            return new Spoken(
                    word.start(), word.end(), word.text(), word.probability(), word.speaker());
        }
    }
}
