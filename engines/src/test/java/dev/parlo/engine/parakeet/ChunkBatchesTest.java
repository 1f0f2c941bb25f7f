package dev.parlo.engine.parakeet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class ChunkBatchesTest {
    private static final List<TimedToken> TOKENS = List.of(new TimedToken(1, 0, 1, -0.5));

    @Test
    void anErrorOfOneRunEndsItsRequestAndNotThoseThatFollow() {
        AtomicBoolean failed = new AtomicBoolean();
        ChunkBatches.Run run =
                (chunks, stop, givenUp) -> {
                    if (failed.compareAndSet(false, true)) {
                        throw new StackOverflowError();
                    }
                    return List.of(TOKENS);
                };
        try (ChunkBatches batches = new ChunkBatches(8, run)) {
            assertThatThrownBy(() -> batches.transcribe(new float[1], new Cancellation()))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            told -> assertThat(told.category()).isEqualTo(Category.INTERNAL));
            assertThat(batches.transcribe(new float[1], new Cancellation())).isEqualTo(TOKENS);
        }
    }

    /** The run sees that the chunk is given up before the one who waits for it is told. */
    @Test
    void aCancelledChunkIsNeverHeardInPart() {
        Cancellation cancellation = new Cancellation();
        Thread caller = Thread.currentThread();
        cancellation.onCancel(() -> {
            while (caller.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
        });
        ChunkBatches.Run run =
                (chunks, stop, givenUp) -> {
                    Thread.ofPlatform().daemon().start(cancellation::cancel);
                    while (!givenUp.test(0)) {
                        Thread.onSpinWait();
                    }
                    return List.of(TOKENS);
                };
        try (ChunkBatches batches = new ChunkBatches(8, run)) {
            assertThatThrownBy(() -> batches.transcribe(new float[1], cancellation))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            told -> assertThat(told.category()).isEqualTo(Category.CANCELLED));
        }
    }

    /** A short one would be computed, and waited for, as if it were as long as the longest. */
    @Test
    void chunksOfVeryDifferentLengthsAreNotComputedTogether() throws Exception {
        List<List<Integer>> runs = new CopyOnWriteArrayList<>();
        CountDownLatch waiting = new CountDownLatch(1);
        ChunkBatches.Run run =
                (chunks, stop, givenUp) -> {
                    runs.add(chunks.stream().map(chunk -> chunk.length / 16_000).toList());
                    if (runs.size() == 1) {
                        try {
                            waiting.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                    return chunks.stream().map(chunk -> TOKENS).toList();
                };
        try (ChunkBatches batches = new ChunkBatches(8, run);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> answers = new ArrayList<>();
            for (int seconds : new int[] {3, 30, 2, 29, 28, 1, 27, 26}) {
                answers.add(
                        clients.submit(() ->
                                batches.transcribe(
                                        new float[seconds * 16_000], new Cancellation())));
                // The first is taken by itself before the second comes; the others wait.
                while (runs.isEmpty() || batches.waiting() + 1 < answers.size()) {
                    Thread.onSpinWait();
                }
            }
            waiting.countDown();
            for (Future<?> answer : answers) {
                answer.get();
            }
            // at most two minutes of sound in one run
            assertThat(runs)
                    .containsExactly(
                            List.of(3), List.of(30, 29, 28, 27), List.of(2, 1), List.of(26));
        }
    }
}
