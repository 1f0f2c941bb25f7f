package dev.parlo.engine.text;

/** What a request's text may hold beside words. */
public enum TextMarkup {
    /** Words, Markdown, {@code [pause:1s]} and {@code [word](/ipa/)}. */
    PLAIN,
    /** The same, and {@code [voice:af_sky]} and {@code [rate:1.2]}, which hold until the next. */
    VOICE_TAGS,
    /** A document of the W3C's Speech Synthesis Markup Language, of which a part is understood. */
    SSML
}
