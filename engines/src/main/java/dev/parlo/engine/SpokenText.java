package dev.parlo.engine;

/**
 * What was said for a part of the text, written out: "two" of {@code $2.50}.
 *
 * @param text without surrounding space
 * @param start seconds from the start of the speech
 * @param end seconds from the start of the speech, never before {@code start}
 */
public record SpokenText(String text, double start, double end) {}
