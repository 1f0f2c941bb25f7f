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

    /**
     * A word whose speaker is not known.
     *
     * @param start seconds from the start of the audio
     * @param end seconds from the start of the audio
     * @param text with its leading space and punctuation
     * @param probability 0 to 1
     */
    public Word(double start, double end, String text, double probability) {
        this(start, end, text, probability, null);
    }

    /**
     * {@return the same word at another time}
     *
     * @param start seconds from the start of the audio
     * @param end seconds from the start of the audio
     */
    public Word withTimes(double start, double end) {
        return new Word(start, end, text, probability, speaker);
    }

    /**
     * {@return the same word, said by somebody}
     *
     * @param speaker null where that is not known
     */
    public Word withSpeaker(@Nullable String speaker) {
        return new Word(start, end, text, probability, speaker);
    }

    /** The same with no time beyond a limit, and not ending before it starts. */
    Word within(double limit) {
        double earliest = Math.min(start, limit);
        return withTimes(earliest, Math.max(earliest, Math.min(end, limit)));
    }
}
