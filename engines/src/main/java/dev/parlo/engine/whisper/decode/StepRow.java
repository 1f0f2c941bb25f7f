package dev.parlo.engine.whisper.decode;

/**
 * One row of a decoder step: tokens to append to one hypothesis, and what to hand back.
 *
 * @param window slot of the window whose cross-attention keys and values it reads, 0 to {@link
 *     DecoderStep#windows()} (exclusive)
 * @param row cache row within the window, 0 to {@link DecoderStep#rowsPerWindow()} (exclusive)
 * @param position how many tokens the row's cache already holds; the first token's absolute
 *     position. More than one token is allowed only at position 0 (a prefill)
 * @param tokens at least one
 * @param mask text ids that are no candidates
 * @param firstTimestamp lowest timestamp that is a candidate, as an offset from the first timestamp
 *     id, 0 to 1501
 * @param endTimestamp one above the highest, 0 to 1501; not above {@code firstTimestamp} bans all
 *     timestamps
 * @param candidates how many of the best text tokens and of the best timestamps to hand back; 0 for
 *     none
 * @param logitsAt indices into {@code tokens} after which the raw logits over the whole vocabulary
 *     are wanted
 */
public record StepRow(
        int window,
        int row,
        int position,
        int[] tokens,
        TokenMask mask,
        int firstTimestamp,
        int endTimestamp,
        int candidates,
        int[] logitsAt) {}
