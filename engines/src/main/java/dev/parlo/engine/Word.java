package dev.parlo.engine;

import org.jspecify.annotations.Nullable;

/**
 * One word with its time.
 *
 * @param start seconds from the start of the audio
 * @param end seconds from the start of the audio
 * @param text the word with its leading space and the punctuation merged into it
 * @param probability mean probability of its tokens, 0 to 1
 * @param speaker who says it; null where that is not known
 */
public record Word(
        double start, double end, String text, double probability, @Nullable String speaker) {

    /** A word whose speaker is not known. */
    public Word(double start, double end, String text, double probability) {
        this(start, end, text, probability, null);
    }

    /** The same at another time. */
    public Word withTimes(double start, double end) {
        return new Word(start, end, text, probability, speaker);
    }

    /** The same, said by somebody. */
    public Word withSpeaker(@Nullable String speaker) {
        return new Word(start, end, text, probability, speaker);
    }

    /** The same with no time beyond a limit, and not ending before it starts. */
    Word within(double limit) {
        double earliest = Math.min(start, limit);
        return withTimes(earliest, Math.max(earliest, Math.min(end, limit)));
    }
}
