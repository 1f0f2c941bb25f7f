package dev.parlo.engine.whisper.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SlotsTest {
    /** Against a set of the free slots: the lowest is given out, and only what is free. */
    @Test
    void slotsTakenAndFreedAtRandomAreThoseOfASimpleSet() {
        Random random = new Random(41);
        for (int round = 0; round < 200; round++) {
            int count = 1 + random.nextInt(16);
            Slots slots = new Slots(count);
            TreeSet<Integer> free = new TreeSet<>();
            for (int slot = 0; slot < count; slot++) {
                free.add(slot);
            }
            List<Integer> taken = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                assertThat(slots.isFull()).isEqualTo(free.isEmpty());
                assertThat(slots.isEmpty()).isEqualTo(free.size() == count);
                if (taken.isEmpty() || (!free.isEmpty() && random.nextBoolean())) {
                    int slot = slots.take();
                    assertThat(slot).isEqualTo(free.pollFirst());
                    taken.add(slot);
                } else {
                    int slot = taken.remove(random.nextInt(taken.size()));
                    slots.free(slot);
                    free.add(slot);
                }
            }
            if (free.isEmpty()) {
                assertThatThrownBy(slots::take).isInstanceOf(IllegalStateException.class);
            }
        }
    }
}
