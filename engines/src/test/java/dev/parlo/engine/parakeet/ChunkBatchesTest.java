package dev.parlo.engine.parakeet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
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
}
