package dev.parlo.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.Latches;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThreadEndTest {
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final CountDownLatch go = new CountDownLatch(1);

    @AfterEach
    void end() {
        executor.shutdownNow();
    }

    @Test
    void whatWaitsIsStillDoneWhereTheOneWhoWaitsForItIsInterrupted() throws Exception {
        AtomicInteger done = new AtomicInteger();
        executor.execute(() -> {
            Latches.await(go);
            done.incrementAndGet();
        });
        executor.execute(done::incrementAndGet);
        whileInterrupted(() -> ThreadEnd.await(executor));
        assertThat(done).hasValue(2);
    }

    @Test
    void aThreadIsWaitedForWhereTheOneWhoWaitsIsInterrupted() throws Exception {
        Thread thread = Thread.ofPlatform().start(() -> Latches.await(go));
        whileInterrupted(() -> {
            ThreadEnd.await(thread);
            assertThat(thread.isAlive()).isFalse();
        });
    }

    /** Waits on an interrupted thread, which is interrupted still when the wait is over. */
    private void whileInterrupted(Runnable wait) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        FutureTask<Boolean> waiting =
                new FutureTask<>(() -> {
                    Thread.currentThread().interrupt();
                    begun.countDown();
                    wait.run();
                    return Thread.currentThread().isInterrupted();
                });
        Thread waiter = Thread.ofPlatform().start(waiting);
        // Noticed, by going on to wait or by going away.
        await().until(() -> begun.getCount() == 0 && !waiter.isInterrupted() || !waiter.isAlive());
        go.countDown();
        assertThat(waiting.get()).isTrue();
    }
}
