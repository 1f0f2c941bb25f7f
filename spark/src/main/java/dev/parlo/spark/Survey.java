package dev.parlo.spark;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a first pass over a recording found: how long it is and in which pieces it is transcribed.
 *
 * @param recording its key
 * @param audio where its bytes are for the second pass
 * @param seconds of its audio
 * @param pieces all of it, in order; none where it cannot be read
 * @param turns who speaks when, at most one at a time; empty where that was not asked for
 * @param truncation why it holds more audio than could be read
 * @param finished milliseconds since 1970
 */
record Survey(
        String recording,
        String address,
        String audio,
        double seconds,
        List<Span> pieces,
        List<Turn> turns,
        @Nullable String truncation,
        @Nullable Failure error,
        long finished)
        implements Serializable {
    Survey {
        pieces = List.copyOf(pieces);
        turns = List.copyOf(turns);
    }

    static Survey failed(Recording recording, Failure error) {
        return new Survey(
                recording.key(),
                recording.address(),
                recording.address(),
                0,
                List.of(),
                List.of(),
                null,
                error,
                System.currentTimeMillis());
    }

    /**
     * A part of a recording.
     *
     * @param from first sample at 16 kHz
     * @param to the sample after the last
     * @param start seconds of the file; other than by the samples where a part of it has no audio
     * @param end seconds of the file
     */
    record Span(long from, long to, double start, double end) implements Serializable {}

    /** A stretch in which one person speaks, in seconds of the file. */
    record Turn(double start, double end, String speaker) implements Serializable {}
}
