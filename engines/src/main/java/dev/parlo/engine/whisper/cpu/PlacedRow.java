package dev.parlo.engine.whisper.cpu;

import dev.parlo.engine.whisper.decode.StepRow;

/**
 * A row of a step and where it lies.
 *
 * @param slot of its audio
 * @param index in its row cache
 */
record PlacedRow(int slot, int index, StepRow row) {}
