package dev.parlo.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Placement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Engines that are given up while they are in use, because their native code does not return. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EnginePoolStuckTest {
    private final CountDownLatch returned = new CountDownLatch(1);
    private final CompletableFuture<String> unloaded = new CompletableFuture<>();

    /** Closing it waits for its native code, as of every engine. */
    private final class Engine implements AutoCloseable {
        private final CompletableFuture<Boolean> closed = new CompletableFuture<>();

        @Override
        public void close() throws InterruptedException {
            returned.await();
            closed.complete(true);
        }
    }

    private EnginePool<String, Engine> pool(long budget) {
        EngineLoader<String, Engine> loader =
                new EngineLoader<>() {
                    @Override
                    public long expectedBytes(String key) {
                        return 40;
                    }

                    @Override
                    public Engine load(String key, Cancellation cancellation) {
                        return new Engine();
                    }

                    @Override
                    public EngineFacts facts(Engine engine) {
                        return new EngineFacts(
                                Placement.Cpu.threads(1), ComputeType.FLOAT32, "test", 40);
                    }

                    @Override
                    public KeepAlive keepAlive(String key) {
                        return KeepAlive.FOREVER;
                    }
                };
        return EnginePool.builder(loader, new ManualTimer())
                .settings(PoolSettings.defaults().withMemoryBudget(budget))
                .observer(
                        new PoolObserver<String>() {
                            @Override
                            public void unloaded(String key, Unloaded why, long bytes) {
                                unloaded.complete(key + " " + why);
                            }
                        })
                .build();
    }

    @Test
    void theNextUserGetsAnotherEngineWithoutWaitingForTheOneThatIsGivenUp() {
        var pool = pool(100);
        Engine first;
        try (var stuck = pool.lease("a")) {
            first = stuck.engine();
            pool.giveUp("a");
            try (var next = pool.lease("a")) {
                assertThat(next.engine()).isNotSameAs(first);
            }
            assertThat(pool.stats().usedBytes()).isEqualTo(80);
        }
        assertThat(first.closed.isDone()).isFalse();
        returned.countDown();
        assertThat(first.closed.join()).isTrue();
        assertThat(unloaded.join()).isEqualTo("a STUCK");
        assertThat(pool.stats().usedBytes()).isEqualTo(40);
        pool.giveUp("nobody");
    }

    @Test
    void whereThereIsNoRoomBesideItTheNextUserWaitsForIt() {
        var pool = pool(60);
        try (var stuck = pool.lease("a")) {
            pool.giveUp("a");
            CompletableFuture<Engine> next = new CompletableFuture<>();
            Thread.startVirtualThread(() -> {
                try (var lease = pool.lease("a")) {
                    next.complete(lease.engine());
                }
            });
            PoolTest.awaitLookForRoom(pool, 40);
            assertThat(next.isDone()).isFalse();
            returned.countDown();
            assertThat(next.join()).isNotSameAs(stuck.engine());
        }
    }
}
