package dev.parlo.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EnginePoolTest {
    private final ManualTimer timer = new ManualTimer();
    private final FakeEngines engines = new FakeEngines();
    private final ExecutorService loads = Executors.newVirtualThreadPerTaskExecutor();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> events = new ArrayList<>();

    @AfterEach
    void noBreaches() {
        callers.shutdownNow();
        loads.shutdownNow();
        assertThat(engines.breaches).isEmpty();
    }

    private EnginePool<String, FakeEngines.Engine> pool(PoolSettings settings) {
        return EnginePool.builder(engines, timer)
                .settings(settings)
                .loads(loads)
                .observer(
                        new PoolObserver<String>() {
                            @Override
                            public void unloaded(String key, Unloaded why, long bytes) {
                                synchronized (events) {
                                    events.add(key + " " + why);
                                }
                            }
                        })
                .build();
    }

    private EnginePool<String, FakeEngines.Engine> pool() {
        return pool(PoolSettings.defaults());
    }

    private EnginePool<String, FakeEngines.Engine> budget(long bytes) {
        return pool(PoolSettings.defaults().withMemoryBudget(bytes));
    }

    private static List<String> keys(EnginePool<String, ?> pool) {
        return pool.list().stream().map(EngineStatus::key).toList();
    }

    @Test
    void manyCallersShareOneLoad() throws Exception {
        FakeEngines.Gate gate = engines.gate("a");
        try (var pool = pool()) {
            List<CompletableFuture<EngineLease<FakeEngines.Engine>>> leases = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                leases.add(CompletableFuture.supplyAsync(() -> pool.lease("a"), callers));
            }
            gate.entered.await();
            Awaitility.await().until(() -> pool.stats().leases() == 20);
            assertThat(pool.list().getFirst().state()).isEqualTo(EngineState.LOADING);
            gate.permits.release(20);
            FakeEngines.Engine first = leases.getFirst().join().engine();
            assertThat(leases).allSatisfy(l -> assertThat(l.join().engine()).isSameAs(first));
            assertThat(engines.loads).hasValue(1);
            leases.forEach(lease -> lease.join().close());
            assertThat(pool.stats().idle()).isEqualTo(1);
        }
        assertThat(engines.open).hasValue(0);
    }

    @Test
    void idleEngineLeavesAfterItsKeepAliveTimeAndNotBefore() {
        engines.keepAlive = KeepAlive.ofSeconds(5);
        var pool = pool();
        pool.lease("a").close();
        timer.advance(Duration.ofSeconds(3));
        pool.lease("a").close(); // a new use starts the time again
        timer.advance(Duration.ofMillis(4999));
        assertThat(keys(pool)).containsExactly("a");
        assertThat(pool.list().getFirst().expiresAt()).isEqualTo(timer.now().plusMillis(1));
        timer.advance(Duration.ofMillis(1));
        assertThat(keys(pool)).isEmpty();
        Awaitility.await().until(() -> engines.open.get() == 0);
        assertThat(engines.loads).hasValue(1);
    }

    @Test
    void timeDoesNotRunWhileSomebodyUsesTheEngine() {
        engines.keepAlive = KeepAlive.ofSeconds(5);
        var pool = pool();
        try (var lease = pool.lease("a")) {
            pool.lease("a").close();
            timer.advance(Duration.ofHours(1));
            assertThat(lease.engine().isClosed()).isFalse();
            assertThat(pool.list().getFirst().expiresAt()).isNull();
        }
        assertThat(keys(pool)).containsExactly("a");
    }

    @Test
    void keepAliveZeroUnloadsBeforeTheLeaseIsBack() {
        engines.keepAlive = KeepAlive.NONE;
        var pool = pool();
        var lease = pool.lease("a");
        FakeEngines.Engine engine = lease.engine();
        lease.close();
        assertThat(engine.isClosed()).isTrue();
        assertThat(pool.list()).isEmpty();
        assertThat(timer.pending()).isZero();
    }

    @Test
    void requestOverridesTheKeepAliveTimeUntilAnotherDoes() {
        engines.keepAlive = KeepAlive.ofSeconds(5);
        var pool = pool();
        pool.lease("a", KeepAlive.FOREVER).close();
        timer.advance(Duration.ofDays(1));
        pool.lease("a").close();
        timer.advance(Duration.ofDays(1));
        assertThat(keys(pool)).containsExactly("a");
        pool.lease("a", KeepAlive.parse("2m")).close();
        timer.advance(Duration.ofSeconds(119));
        assertThat(keys(pool)).containsExactly("a");
        timer.advance(Duration.ofSeconds(1));
        assertThat(keys(pool)).isEmpty();
    }

    @Test
    void loadTellsWhetherTheEngineWasThere() {
        var pool = pool();
        assertThat(pool.load("a", null)).isTrue();
        assertThat(pool.load("a", null)).isFalse();
        assertThat(pool.list()).singleElement().satisfies(s -> assertThat(s.leases()).isZero());
        assertThat(pool.load("b", KeepAlive.NONE)).isTrue();
        assertThat(keys(pool)).containsExactly("a");
    }

    @Test
    void busyEngineIsNotUnloadedAndStays() {
        var pool = pool();
        try (var lease = pool.lease("a")) {
            assertThat(pool.unload("a")).isEqualTo(new UnloadResult.InUse(1));
            assertThat(pool.lease("a").engine()).isSameAs(lease.engine());
            assertThat(pool.unload("a")).isEqualTo(new UnloadResult.InUse(2));
        }
        assertThat(engines.loads).hasValue(1);
        assertThat(keys(pool)).containsExactly("a");
    }

    @Test
    void loadingEngineIsNotUnloaded() throws Exception {
        FakeEngines.Gate gate = engines.gate("a");
        var pool = pool();
        var lease = CompletableFuture.supplyAsync(() -> pool.lease("a"), callers);
        gate.entered.await();
        assertThat(pool.unload("a")).isEqualTo(new UnloadResult.InUse(1));
        gate.permits.release();
        lease.join().close();
        assertThat(pool.unload("a")).isEqualTo(new UnloadResult.Unloaded(0));
        assertThat(pool.unload("a")).isEqualTo(new UnloadResult.NotLoaded());
        assertThat(engines.open).hasValue(0);
    }

    @Test
    void timeoutReachesEveryWaiterAndLeavesNoGhost() throws Exception {
        FakeEngines.Gate gate = engines.gate("a");
        var pool = pool(PoolSettings.defaults().withLoadTimeout(Duration.ofSeconds(7)));
        var first = CompletableFuture.supplyAsync(() -> pool.lease("a"), callers);
        var second = CompletableFuture.supplyAsync(() -> pool.lease("a"), callers);
        gate.entered.await();
        Awaitility.await().until(() -> pool.stats().leases() == 2);
        timer.advance(Duration.ofSeconds(7));
        for (var waiter : List.of(first, second)) {
            assertThatThrownBy(waiter::join)
                    .cause()
                    .isInstanceOfSatisfying(
                            PoolException.class,
                            e -> {
                                assertThat(e.reason()).isEqualTo(PoolException.Reason.LOAD_TIMEOUT);
                                assertThat(e)
                                        .hasMessageContaining("'a'")
                                        .hasMessageContaining("7 s");
                                assertThat(e.retryAfter()).isPositive();
                            });
        }
        assertThat(pool.list()).isEmpty();
        assertThat(Objects.requireNonNull(gate.cancellation).isCancelled()).isTrue();

        // The next one waits until the late load is done and its engine is closed.
        var third = CompletableFuture.supplyAsync(() -> pool.lease("a"), callers);
        Awaitility.await().until(() -> pool.list().size() == 1);
        gate.permits.release(2);
        assertThat(third.join().engine().isClosed()).isFalse();
        assertThat(engines.open).hasValue(1);
        assertThat(events).containsExactly("a ABANDONED");
    }

    @Test
    void failedLoadLeavesNothingAndMayBeTriedAgain() {
        engines.failing.put("a", new EngineException(Category.BAD_MODEL, "model.bin is cut off"));
        var pool = pool();
        PoolException failure =
                catchThrowableOfType(PoolException.class, () -> pool.lease("a").close());
        assertThat(failure.reason()).isEqualTo(PoolException.Reason.LOAD_FAILED);
        assertThat(failure.category()).isEqualTo(Category.BAD_MODEL);
        assertThat(failure).hasMessageContaining("model.bin is cut off");
        assertThat(pool.list()).isEmpty();
        assertThat(timer.pending()).isZero();
        engines.failing.clear();
        pool.lease("a").close();
        assertThat(keys(pool)).containsExactly("a");
    }

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
        assertThat(keys(pool)).containsExactly("small"); // nobody was driven out for it
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
            Awaitility.await().until(() -> pool.stats().loading() == 1);
            pool.lease("tiny").close(); // one that fits is not held up
            // the loader's thread has looked for room before "tiny" came by
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
    void residentGrowthCountsWhenItIsMoreThanTheEngineSays() {
        engines.expected.put("a", 10L);
        long[] resident = {1000, 1600};
        int[] call = {0};
        var pool =
                EnginePool.builder(engines, timer)
                        .loads(loads)
                        .memory(() -> resident[call[0]++])
                        .build();
        pool.lease("a").close();
        assertThat(pool.list().getFirst().sizeBytes()).isEqualTo(600);
    }

    @Test
    void pinnedEngineNeitherExpiresNorMakesRoom() {
        engines.keepAlive = KeepAlive.ofSeconds(5);
        engines.expected.put("a", 60L);
        engines.expected.put("b", 60L);
        var pool = pool(new PoolSettings(100, Duration.ofSeconds(9)));
        pool.lease("a").close();
        pool.pin("a");
        timer.advance(Duration.ofDays(1));
        assertThat(pool.list()).singleElement().satisfies(s -> assertThat(s.pinned()).isTrue());
        var waiting = CompletableFuture.supplyAsync(() -> pool.lease("b"), callers);
        Awaitility.await().until(() -> timer.pending() == 1);
        pool.unpin("a");
        assertThat(waiting.join().engine().key).isEqualTo("b");
        assertThat(keys(pool)).containsExactly("b");
    }

    @Test
    void pinnedEngineLeavesWhenAskedExplicitly() {
        var pool = pool();
        pool.pin("a");
        pool.lease("a", KeepAlive.NONE).close();
        assertThat(keys(pool)).containsExactly("a");
        assertThat(pool.unload("a")).isInstanceOf(UnloadResult.Unloaded.class);
    }

    @Test
    void closedPoolLendsNothingAndUnloadsWhatComesBack() throws Exception {
        FakeEngines.Gate gate = engines.gate("slow");
        var pool = pool();
        var busy = pool.lease("busy");
        pool.lease("idle").close();
        var loading = CompletableFuture.supplyAsync(() -> pool.lease("slow"), callers);
        gate.entered.await();
        pool.close();
        pool.close();
        assertThat(keys(pool)).containsExactly("busy");
        assertThat(busy.engine().isClosed()).isFalse();
        assertThatThrownBy(loading::join).hasMessageContaining("stopping");
        assertThatThrownBy(() -> pool.lease("busy"))
                .isInstanceOfSatisfying(
                        PoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(PoolException.Reason.CLOSED));
        busy.close();
        gate.permits.release();
        Awaitility.await().until(() -> engines.open.get() == 0);
        assertThat(pool.list()).isEmpty();
    }

    @Test
    void leaseCannotBeUsedAfterItWasClosedAndClosesOnlyOnce() {
        var pool = pool();
        var other = pool.lease("a");
        var lease = pool.lease("a");
        lease.close();
        lease.close();
        assertThatThrownBy(lease::engine).isInstanceOf(IllegalStateException.class);
        assertThat(pool.list().getFirst().leases()).isEqualTo(1);
        other.close();
    }

    @Test
    void interruptedWaiterGoesAndTheLoadGoesOn() throws Exception {
        engines.keepAlive = KeepAlive.NONE;
        FakeEngines.Gate gate = engines.gate("a");
        var pool = pool();
        var failure = new CompletableFuture<Throwable>();
        Thread waiter =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                pool.lease("a").close();
                            } catch (PoolException e) {
                                failure.complete(e);
                            }
                        });
        gate.entered.await();
        waiter.interrupt();
        assertThat(failure.join()).hasMessageContaining("Interrupted");
        gate.permits.release();
        Awaitility.await().until(() -> events.contains("a EXPIRED"));
        assertThat(pool.list()).isEmpty();
        assertThat(engines.open).hasValue(0);
    }

    @Test
    void refusedThreadIsAFailedLoad() {
        var pool =
                EnginePool.builder(engines, timer)
                        .loads(task -> {
                            throw new RejectedExecutionException("no more threads");
                        })
                        .build();
        assertThatThrownBy(() -> pool.lease("a")).hasMessageContaining("no more threads");
        assertThat(pool.list()).isEmpty();
        assertThat(timer.pending()).isZero();
    }
}
