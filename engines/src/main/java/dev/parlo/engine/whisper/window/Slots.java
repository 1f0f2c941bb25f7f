package dev.parlo.engine.whisper.window;

import java.util.BitSet;

/**
 * Which slots of an arena are taken. They are given out lowest first, because a step computes every
 * row from the first busy slot to the last: one window in slot 0 and one in slot 15 would be
 * computed as sixteen. Not thread-safe.
 */
final class Slots {
    private final int count;
    private final BitSet taken = new BitSet();

    Slots(int count) {
        this.count = count;
    }

    boolean isEmpty() {
        return taken.isEmpty();
    }

    boolean isFull() {
        return taken.cardinality() == count;
    }

    /** How many slots {@link #take} would give from this one on, one after another. */
    int following(int slot) {
        if (slot >= count || taken.nextClearBit(0) != slot) {
            return 0;
        }
        int end = taken.nextSetBit(slot);
        return (end < 0 ? count : end) - slot;
    }

    /**
     * @throws IllegalStateException when every slot is taken
     */
    int take() {
        int slot = taken.nextClearBit(0);
        if (slot >= count) {
            throw new IllegalStateException("no slot is free");
        }
        taken.set(slot);
        return slot;
    }

    void free(int slot) {
        taken.clear(slot);
    }
}
