package dev.parlo.engine.whisper.decode;

import org.jspecify.annotations.Nullable;

/**
 * One row of a decoder step: tokens to append to one hypothesis of a window, and what to hand back.
 *
 * @param row cache row among those that the window's search keeps, from 0
 * @param position how many tokens the row's cache already holds: the first token's position
 * @param tokens at least one; several are a prompt or a part of it
 * @param mask text ids that must not be chosen
 * @param firstTimestamp lowest timestamp that is a candidate, as an offset from the first timestamp
 *     id, 0 to 1501
 * @param endTimestamp one above the highest, 0 to 1501; not above {@code firstTimestamp} bans all
 *     timestamps
 * @param candidates how many of the best text tokens and of the best timestamps to hand back; 0 for
 *     none
 * @param rawLogits whether the logits of the whole vocabulary after the last token are wanted: 200
 *     KB a row, so only where candidates do not suffice
 * @param probe a few logits besides, or null
 */
public record StepRow(
        int row,
        int position,
        int[] tokens,
        TokenMask mask,
        int firstTimestamp,
        int endTimestamp,
        int candidates,
        boolean rawLogits,
        @Nullable Probe probe) {}
