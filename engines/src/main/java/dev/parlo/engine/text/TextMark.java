package dev.parlo.engine.text;

/**
 * A named place in the text of a script.
 *
 * @param name as the text gives it
 * @param at the place in the script's source, from 0 to its length
 * @param silences how many silences of the script come before it: at a silence the place in the
 *     source does not tell on which side of it the mark stands
 */
public record TextMark(String name, int at, int silences) {}
