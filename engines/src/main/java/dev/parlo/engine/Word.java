package dev.parlo.engine;

/**
 * One word with its time.
 *
 * @param start seconds from the start of the audio
 * @param end seconds from the start of the audio
 * @param text the word with its leading space and the punctuation merged into it
 * @param probability mean probability of its tokens, 0 to 1
 */
public record Word(double start, double end, String text, double probability) {
    /** The same with no time beyond a limit, and not ending before it starts. */
    Word within(double limit) {
        double earliest = Math.min(start, limit);
        return new Word(earliest, Math.max(earliest, Math.min(end, limit)), text, probability);
    }
}
