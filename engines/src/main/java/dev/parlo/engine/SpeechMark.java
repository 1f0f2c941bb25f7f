package dev.parlo.engine;

/**
 * A place in the text that was marked, such as by SSML's {@code <mark>}, and when it is reached.
 *
 * @param name as the text gives it
 * @param time seconds from the start of the speech
 */
public record SpeechMark(String name, double time) {}
