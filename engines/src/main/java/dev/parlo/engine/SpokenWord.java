package dev.parlo.engine;

/**
 * A word of the text that was spoken, with its time.
 *
 * @param text the word as the request wrote it, without surrounding space and Markdown
 * @param from where it begins in the text of the script
 * @param to where it ends there, not before {@code from}
 * @param start seconds from the start of the speech
 * @param end seconds from the start of the speech, never before {@code start}
 */
public record SpokenWord(String text, int from, int to, double start, double end) {}
