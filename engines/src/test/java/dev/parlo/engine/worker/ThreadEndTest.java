package dev.parlo.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThreadEndTest {
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    @AfterEach
    void end() {
        executor.shutdownNow();
    }

    @Test
    void whatWaitsIsStillDoneWhereTheOneWhoWaitsForItIsInterrupted() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        executor.execute(() -> {
            awaited(go);
            done.incrementAndGet();
        });
        executor.execute(done::incrementAndGet);
        FutureTask<Boolean> waiting =
                new FutureTask<>(() -> {
                    Thread.currentThread().interrupt();
                    ThreadEnd.await(executor);
                    return Thread.currentThread().isInterrupted();
                });
        Thread.ofPlatform().start(waiting);
        go.countDown();
        assertThat(waiting.get()).isTrue();
        assertThat(done).hasValue(2);
    }

    @Test
    void aThreadIsWaitedForWhereTheOneWhoWaitsIsInterrupted() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().start(() -> awaited(go));
        FutureTask<Boolean> waiting =
                new FutureTask<>(() -> {
                    Thread.currentThread().interrupt();
                    ThreadEnd.await(thread);
                    return Thread.currentThread().isInterrupted() && !thread.isAlive();
                });
        Thread.ofPlatform().start(waiting);
        go.countDown();
        assertThat(waiting.get()).isTrue();
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException dropped) {
            throw new IllegalStateException(dropped);
        }
    }
}
