package dev.parlo.engine.text;

/** What is left to do after a text was read: things to say and silences, in order. */
public sealed interface TextPiece {
    /** Text to be spoken in one go and in one manner. */
    record Say(MappedText text, Manner manner) implements TextPiece {}

    /** Silence of a given length in seconds. */
    record Pause(double seconds) implements TextPiece {}
}
