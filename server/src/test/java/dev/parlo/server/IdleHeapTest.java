package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdleHeapTest {
    private int running;
    private long committed = 4 * IdleHeap.SMALL;
    private int collections;

    private final IdleHeap heap =
            new IdleHeap(
                    () -> running,
                    () -> committed,
                    () -> {
                        collections++;
                        committed = 2 * IdleHeap.SMALL;
                    });

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            heap.run();
        }
    }

    @Test
    void whatABusyTimeLeavesIsCollectedOnceNothingRunsAnyMore() {
        running = 1;
        look(3);
        assertThat(collections).isZero();
        running = 0;
        look(1);
        assertThat(collections).isZero();
        look(5);
        assertThat(collections).isEqualTo(1);
    }

    @Test
    void itIsCollectedAgainOnlyWhenTheHeapHasGrown() {
        look(2);
        committed += IdleHeap.SMALL / 4;
        look(2);
        assertThat(collections).isEqualTo(1);
        committed += IdleHeap.SMALL;
        look(2);
        assertThat(collections).isEqualTo(2);
    }

    @Test
    void aSmallHeapIsLeftAlone() {
        committed = IdleHeap.SMALL;
        look(5);
        assertThat(collections).isZero();
    }
}
