package dev.parlo.spark;

import java.io.Serializable;
import java.util.List;

/**
 * What is transcribed at a time: a recording, or a part of a long one.
 *
 * @param recording its key
 * @param number from 0, in the recording
 * @param turns who speaks in it and just around it
 */
record Piece(
        String recording,
        String address,
        String audio,
        int number,
        Survey.Span span,
        List<Survey.Turn> turns)
        implements Serializable {
    /** Seconds around a piece in which somebody nearest to a word is looked for. */
    private static final double AROUND = 30;

    static Piece of(Survey survey, int number) {
        Survey.Span span = survey.pieces().get(number);
        List<Survey.Turn> near =
                survey.turns().stream()
                        .filter(turn ->
                                turn.end() >= span.start() - AROUND
                                        && turn.start() <= span.end() + AROUND)
                        .toList();
        return new Piece(
                survey.recording(), survey.address(), survey.audio(), number, span, near);
    }

    /** One name for it among all pieces of all recordings. */
    String key() {
        return key(recording, number);
    }

    static String key(String recording, int number) {
        return recording + "-" + number;
    }

    long samples() {
        return span.to() - span.from();
    }
}
