package dev.parlo.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.Latches;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The memory budget: who makes room, who waits, who is refused. */
@Tag("locale")
class EnginePoolBudgetTest extends PoolTest {
    @Test
    void leastRecentlyUsedIdleEngineMakesRoom() {
        for (String key : List.of("a", "b", "c", "d")) {
            engines.expected.put(key, 40L);
        }
        var pool = budget(100);
        pool.lease("a").close();
        pool.lease("b").close();
        pool.lease("a").close();
        pool.lease("c").close();
        assertThat(keys(pool)).containsExactly("a", "c");
        assertThat(events).containsExactly("b EVICTED");
        try (var busy = pool.lease("a")) {
            pool.lease("d").close();
            assertThat(keys(pool)).containsExactly("a", "d");
            assertThat(busy.engine().isClosed()).isFalse();
        }
        assertThat(pool.stats().usedBytes()).isEqualTo(80);
    }

    @Test
    void idleEnginesOnAFullGpuMakeRoomForAnotherThere() {
        for (String key : List.of("a", "b", "c", "d")) {
            engines.onDevice.put(key, 40L);
        }
        engines.deviceCapacity = 100;
        var pool = budget(1);
        pool.lease("processor").close();
        pool.lease("a").close();
        pool.lease("b").close();
        pool.lease("c").close();
        assertThat(events).containsExactly("a EVICTED");
        engines.onDevice.put("d", 70L);
        pool.lease("d").close();
        assertThat(keys(pool)).containsExactly("processor", "d");
    }

    @Test
    void enginesInUseAndPinnedOnesStayOnAFullGpuWhichIsToldThen() {
        for (String key : List.of("a", "b", "c")) {
            engines.onDevice.put(key, 50L);
        }
        engines.deviceCapacity = 100;
        var pool = pool();
        pool.load("a", null, true);
        try (var busy = pool.lease("b")) {
            assertThatThrownBy(() -> pool.lease("c"))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.NO_SPACE))
                    .hasMessageContaining("the GPU is full");
            assertThat(busy.engine().isClosed()).isFalse();
        }
        assertThat(keys(pool)).containsExactly("a", "b");
    }

    @Test
    void engineLargerThanTheBudgetIsRefusedWithNumbersBeforeItIsLoaded() {
        engines.expected.put("big", 2048L);
        engines.expected.put("small", 10L);
        var pool = budget(1024);
        pool.lease("small").close();
        assertThatThrownBy(() -> pool.lease("big"))
                .isInstanceOfSatisfying(
                        PoolException.class,
                        e -> {
                            assertThat(e.reason()).isEqualTo(PoolException.Reason.TOO_LARGE);
                            assertThat(e.category()).isEqualTo(Category.NO_SPACE);
                        })
                .hasMessageContainingAll("'big'", "2048 bytes", "1024 bytes");
        assertThat(engines.loads).hasValue(1);
        assertThat(keys(pool)).containsExactly("small"); // and no engine was unloaded for it
    }

    @Test
    void engineThatTurnsOutTooLargeIsClosedAgain() {
        engines.expected.put("liar", 10L);
        engines.actual.put("liar", 5000L);
        var pool = budget(1024);
        assertThatThrownBy(() -> pool.lease("liar"))
                .isInstanceOfSatisfying(
                        PoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(PoolException.Reason.TOO_LARGE))
                .hasMessageContaining("5000 bytes");
        assertThat(engines.open).hasValue(0);
        assertThat(pool.stats().usedBytes()).isZero();
    }

    @Test
    void loadWaitsForRoomThatBusyEnginesHold() {
        engines.expected.put("a", 80L);
        engines.expected.put("b", 80L);
        var pool = budget(100);
        var busy = pool.lease("a");
        var waiting = CompletableFuture.supplyAsync(() -> pool.lease("b"), callers);
        Awaitility.await().until(() -> pool.stats().loading() == 1);
        busy.close();
        assertThat(waiting.join().engine().key).isEqualTo("b");
        assertThat(keys(pool)).containsExactly("b");
        assertThat(engines.mostOpenBytes).hasValue(80);
    }

    @Test
    void waitingForRoomEndsWithTheNumbers() {
        engines.expected.put("a", 80L);
        engines.expected.put("b", 80L);
        engines.expected.put("tiny", 5L);
        var pool = budget(100);
        try (var busy = pool.lease("a")) {
            var waiting = CompletableFuture.supplyAsync(() -> pool.lease("b"), callers);
            awaitLookForRoom(pool, 80);
            pool.lease("tiny").close(); // one that fits is not held up
            timer.advance(Duration.ofSeconds(300));
            assertThatThrownBy(waiting::join)
                    .cause()
                    .isInstanceOfSatisfying(
                            PoolException.class,
                            e -> {
                                assertThat(e.reason()).isEqualTo(PoolException.Reason.NO_ROOM);
                                assertThat(e.category()).isEqualTo(Category.OVERLOADED);
                                assertThat(e).hasMessageContaining("300 s");
                            });
            assertThat(busy.engine().isClosed()).isFalse();
        }
        assertThat(keys(pool)).containsExactly("a", "tiny");
    }

    @Test
    void engineThatGrewInUseDrivesOutAnIdleOne() {
        engines.expected.put("a", 40L);
        engines.expected.put("b", 40L);
        var pool = budget(100);
        pool.lease("a").close();
        try (var lease = pool.lease("b")) {
            engines.openBytes.addAndGet(35);
            lease.engine().bytes = 75;
        }
        assertThat(keys(pool)).containsExactly("b");
        assertThat(pool.list().getFirst().sizeBytes()).isEqualTo(75);
    }

    @Test
    void theBillIsTheEnginesOwnFigureWhateverElseGrowsInTheProcess() throws Exception {
        engines.expected.put("a", 10L);
        Map<String, Long> checks = new ConcurrentHashMap<>();
        AtomicLong process = new AtomicLong(1000);
        var pool =
                EnginePool.builder(engines, timer)
                        .loads(loads)
                        .memory(() -> process.addAndGet(600))
                        .observer(
                                new PoolObserver<String>() {
                                    @Override
                                    public void loaded(
                                            String key, Duration took, long bytes, long grown) {
                                        checks.put(key, grown);
                                    }
                                })
                        .build();
        try (var busy = pool.lease("a")) {
            assertThat(pool.list().getFirst().sizeBytes()).isEqualTo(10);
            pool.lease("b").close();
        }
        // Alone the growth is a check; beside an engine in use it says nothing.
        Awaitility.await() // it is told after the lease is lent
                .untilAsserted(() -> assertThat(checks).isEqualTo(Map.of("a", 600L, "b", 0L)));
    }

    @Test
    void anEngineThatShrinksGivesItsRoomBackAndOneInUseIsCountedAsItIs() {
        engines.expected.put("a", 90L);
        engines.expected.put("b", 40L);
        var pool = budget(100);
        try (var lease = pool.lease("a")) {
            engines.openBytes.addAndGet(-50);
            lease.engine().bytes = 40;
            assertThat(pool.stats().usedBytes()).isEqualTo(40);
            pool.lease("b").close();
            assertThat(keys(pool)).containsExactly("a", "b");
        }
    }

    @Test
    void noEngineIsAskedForItsSizeUnderTheLockOfThePool() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        EnginePool<String, FakeEngines.Engine> pool = pool();
        var lease = pool.lease("a");
        engines.onFacts =
                () -> {
                    asked.countDown();
                    Latches.await(answer);
                };
        var closing = CompletableFuture.runAsync(lease::close, callers);
        asked.await();
        assertThat(pool.unload("other")).isEqualTo(new UnloadResult.NotLoaded());
        answer.countDown();
        closing.join();
    }
}
