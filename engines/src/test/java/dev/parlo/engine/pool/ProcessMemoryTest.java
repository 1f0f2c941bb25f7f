package dev.parlo.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Other threads of the process take and free memory, too, so each is tried until it is seen. */
class ProcessMemoryTest {
    private static final long SIZE = 256L << 20;
    private final ProcessMemory memory = new ProcessMemory();

    @BeforeEach
    void onLinux() {
        Assumptions.assumeTrue(
                Files.exists(Path.of("/proc/self/status")), "SKIPPED: there is no /proc here");
    }

    @Test
    void seesNativeMemoryComeAndGo() {
        await().untilAsserted(this::comesAndGoes);
    }

    private void comesAndGoes() {
        long before = memory.residentBytes();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocate(SIZE);
            for (long at = 0; at < SIZE; at += 4096) {
                segment.set(java.lang.foreign.ValueLayout.JAVA_BYTE, at, (byte) 1);
            }
            assertThat(memory.residentBytes() - before).isGreaterThan(SIZE / 2);
        }
        memory.giveBack();
        assertThat(memory.residentBytes() - before).isLessThan(SIZE / 2);
    }

    private static final int BLOCKS = 16;

    @Test
    void largeBlocksGoBackWhenTheyAreFreed() {
        Assumptions.assumeTrue(memory.keepNoLargeBlocks(), "SKIPPED: this is not glibc");
        await().untilAsserted(this::goBack);
    }

    private void goBack() throws InterruptedException {
        long block = 24L << 20;
        long before = memory.residentBytes();
        Thread user =
                new Thread(() -> { // of an arena that malloc_trim does not shorten
                    for (int round = 0; round < 3; round++) {
                        try (Arena arena = Arena.ofConfined()) {
                            for (int i = 0; i < BLOCKS; i++) {
                                arena.allocate(block).fill((byte) 1);
                            }
                        }
                    }
                });
        user.start();
        user.join();
        // The Java heap grows as well, by less than this.
        assertThat(memory.residentBytes() - before).isLessThan(BLOCKS * block / 2);
    }

    @Test
    void javaHeapIsNotCountedAndNativeBlocksAre() {
        await().untilAsserted(this::isCounted);
    }

    private void isCounted() {
        long block = 100L << 20;
        long before = memory.nativeBytes();
        byte[] heap = new byte[(int) block];
        try (Arena arena = Arena.ofConfined()) {
            arena.allocate(block).fill((byte) heap[0]);
            assertThat(memory.nativeBytes() - before).isBetween(block / 2, block + block / 2);
        }
        assertThat(heap).hasSize((int) block);
        assertThat(memory.nativeBytes() - before).isLessThan(block / 2);
    }
}
