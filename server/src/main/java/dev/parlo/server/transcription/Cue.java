package dev.parlo.server.transcription;

/**
 * A subtitle on screen.
 *
 * @param start seconds
 * @param end seconds
 */
public record Cue(double start, double end, String text) {}
