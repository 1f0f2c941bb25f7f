package dev.parlo.engine.whisper.network;

import dev.parlo.engine.whisper.decode.StepRow;
import java.util.List;

/**
 * What one window asks of a step.
 *
 * @param slot where its audio lies, 0 to {@link DecoderStep#slots()} (exclusive)
 * @param width cache rows that its search keeps; the same until the search is over
 * @param rows each cache row at most once, all below {@code width}
 */
public record WindowStep(int slot, int width, List<StepRow> rows) {}
