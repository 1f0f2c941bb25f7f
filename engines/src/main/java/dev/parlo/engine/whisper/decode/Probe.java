package dev.parlo.engine.whisper.decode;

/**
 * A question for the raw logits of a few ids, unmasked.
 *
 * @param at index into the row's tokens, after which they are read
 * @param ids token ids, at least one
 */
public record Probe(int at, int[] ids) {}
