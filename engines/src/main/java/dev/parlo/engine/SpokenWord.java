package dev.parlo.engine;

/**
 * A word of the text that was spoken, with its time.
 *
 * @param text the word as the request wrote it, without surrounding space
 * @param start seconds from the start of the speech
 * @param end seconds from the start of the speech, never before {@code start}
 */
public record SpokenWord(String text, double start, double end) {}
