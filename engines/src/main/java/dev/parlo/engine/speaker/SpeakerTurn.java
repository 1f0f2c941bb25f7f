package dev.parlo.engine.speaker;

import java.util.Locale;

/**
 * A stretch in which one person speaks.
 *
 * @param start seconds
 * @param end seconds, after {@code start}
 * @param speaker from 0, in the order in which they first speak
 */
public record SpeakerTurn(double start, double end, int speaker) {
    /** As pyannote calls those whose names are not known. */
    public static String label(int speaker) {
        return String.format(Locale.ROOT, "SPEAKER_%02d", speaker);
    }
}
