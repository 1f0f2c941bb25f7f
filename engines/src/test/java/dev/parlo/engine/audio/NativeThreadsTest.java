package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads for FFmpeg's code, for which a latch stands. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NativeThreadsTest {
    @Test
    void aBlockThatNeverEndsCostsItsOwnCallerOnly() throws Exception {
        CountDownLatch within = new CountDownLatch(1);
        CountDownLatch returned = new CountDownLatch(1);
        try (NativeThreads threads = new NativeThreads("test", 1)) {
            CompletableFuture<Boolean> hanging =
                    CompletableFuture.supplyAsync(
                            () ->
                                    threads.call(() -> {
                                        within.countDown();
                                        returned.await();
                                        return true;
                                    }),
                            Thread::startVirtualThread);
            within.await();
            threads.steps().lanes().getFirst().leave();
            assertThatThrownBy(hanging::join)
                    .cause()
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.STUCK));
            assertThat(threads.call(() -> "on another thread")).isEqualTo("on another thread");
        } finally {
            returned.countDown();
        }
    }
}
