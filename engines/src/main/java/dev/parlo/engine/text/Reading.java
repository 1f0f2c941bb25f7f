package dev.parlo.engine.text;

import java.util.Map;

/**
 * How the text of a request is read.
 *
 * @param markup what it may hold beside words
 * @param voices what the names of voices in it stand for; a name that is not here is a voice of the
 *     model
 * @param lexicon pronunciations of this request's own; they go before the engine's
 */
public record Reading(TextMarkup markup, Map<String, VoiceStyle> voices, Lexicon lexicon) {
    /** Plain text, nothing special. */
    public static final Reading PLAIN = new Reading(TextMarkup.PLAIN, Map.of(), Lexicon.EMPTY);

    /** Copies the voices. */
    public Reading {
        voices = Map.copyOf(voices);
    }

    /**
     * {@return the same, of a text with other markup}
     *
     * @param value what the text may hold beside words
     */
    public Reading withMarkup(TextMarkup value) {
        return new Reading(value, voices, lexicon);
    }

    /**
     * {@return the same with other names of voices}
     *
     * @param value what each stands for, by the name in lower case
     */
    public Reading withVoices(Map<String, VoiceStyle> value) {
        return new Reading(markup, value, lexicon);
    }

    /**
     * {@return the same with other pronunciations}
     *
     * @param value they go before the engine's
     */
    public Reading withLexicon(Lexicon value) {
        return new Reading(markup, voices, value);
    }
}
