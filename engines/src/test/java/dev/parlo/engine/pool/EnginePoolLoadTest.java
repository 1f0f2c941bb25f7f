package dev.parlo.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How engines are loaded, shared, lent and given back. */
class EnginePoolLoadTest extends PoolTest {
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
    void loadTellsWhetherTheEngineWasThere() {
        var pool = pool();
        assertThat(pool.load("a", null, null)).isEqualTo(LoadResult.LOADED);
        assertThat(pool.load("a", null, null)).isEqualTo(LoadResult.UNCHANGED);
        assertThat(pool.list()).singleElement().satisfies(s -> assertThat(s.leases()).isZero());
        assertThat(pool.load("b", KeepAlive.NONE, null)).isEqualTo(LoadResult.LOADED);
        assertThat(keys(pool)).containsExactly("a");
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

    /** What the virtual machine throws when a file's pages are gone that were mapped. */
    @Test
    void aFileThatWasShortenedWhileItWasReadIsABadModel() {
        var fault = new InternalError("a fault occurred in an unsafe memory access operation");
        PoolException failure = PoolException.loadFailed("a", fault);
        assertThat(failure.category()).isEqualTo(Category.BAD_MODEL);
        assertThat(failure).hasMessageContaining("shortened").hasCause(fault);
        PoolException other = PoolException.loadFailed("a", new InternalError("platform"));
        assertThat(other.category()).isEqualTo(Category.INTERNAL);
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

    @Test
    void aStuckLoadHoldsNobodyUpAndTheTimeOfALoadBeginsWithIt() throws Exception {
        FakeEngines.Gate stuck = engines.gate("stuck");
        var pool =
                pool(
                        PoolSettings.defaults()
                                .withLoadTimeout(Duration.ofSeconds(7))
                                .withParallelLoads(1));
        var first = CompletableFuture.supplyAsync(() -> pool.lease("stuck"), callers);
        stuck.entered.await();
        timer.advance(Duration.ofSeconds(5));
        FakeEngines.Gate fast = engines.gate("fast");
        var second = CompletableFuture.supplyAsync(() -> pool.lease("fast"), callers);
        Awaitility.await().until(() -> timer.pending() == 2);
        timer.advance(Duration.ofSeconds(2)); // the first is given up, and its turn with it
        assertThatThrownBy(first::join).hasMessageContaining("'stuck' took longer");
        fast.entered.await();
        timer.advance(Duration.ofSeconds(6)); // of its own 7
        fast.permits.release();
        assertThat(second.join().engine().key).isEqualTo("fast");
        stuck.permits.release();
    }

    @Test
    void loadsRunSideBySideUpToTheirBound() throws Exception {
        var pool = pool(PoolSettings.defaults().withParallelLoads(2));
        List<CompletableFuture<EngineLease<FakeEngines.Engine>>> leases = new ArrayList<>();
        for (String key : List.of("a", "b", "c")) {
            FakeEngines.Gate gate = engines.gate(key);
            leases.add(CompletableFuture.supplyAsync(() -> pool.lease(key), callers));
            if (!key.equals("c")) {
                gate.entered.await();
            }
        }
        Awaitility.await().until(() -> pool.stats().loading() == 3);
        assertThat(engines.loads).hasValue(2);
        engines.gate("a").permits.release();
        engines.gate("c").entered.await();
        engines.gate("b").permits.release();
        engines.gate("c").permits.release();
        leases.forEach(CompletableFuture::join);
        assertThat(engines.mostLoading).hasValue(2);
    }

    @Test
    void aLongPreparationKeepsNoOtherLoadWaiting() throws Exception {
        FakeEngines.Gate converting = new FakeEngines.Gate();
        engines.preparing.put("converted", converting);
        var pool = pool(PoolSettings.defaults().withParallelLoads(2));
        var slow = CompletableFuture.supplyAsync(() -> pool.lease("converted"), callers);
        converting.entered.await();
        for (String key : List.of("a", "b", "c")) {
            pool.lease(key).close();
        }
        converting.permits.release();
        assertThat(slow.join().engine().key).isEqualTo("converted");
    }

    @Test
    void aLoadThatIsRefusedItsTurnForTooLongSaysThatItNeverBegan() throws Exception {
        FakeEngines.Gate gate = engines.gate("slow");
        engines.expected.put("slow", 5L);
        var pool =
                pool(
                        PoolSettings.defaults()
                                .withLoadTimeout(Duration.ofSeconds(7))
                                .withParallelLoads(1));
        var slow = CompletableFuture.supplyAsync(() -> pool.lease("slow"), callers);
        gate.entered.await();
        timer.advance(Duration.ofSeconds(7));
        assertThatThrownBy(slow::join).hasMessageContaining("took longer");
        // The same model again, while the first load still hangs.
        var again = CompletableFuture.supplyAsync(() -> pool.lease("slow"), callers);
        awaitLookForRoom(pool, 5);
        timer.advance(Duration.ofSeconds(7));
        assertThatThrownBy(again::join)
                .cause()
                .isInstanceOfSatisfying(
                        PoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(PoolException.Reason.LOAD_QUEUED))
                .hasMessageContaining("has not begun");
        gate.permits.release(2);
    }

    @Test
    void anEngineIsClosedWhenItsSizeCannotBeAskedWhateverIsThrown() {
        var pool = pool();
        for (Runnable failure :
                List.<Runnable>of(
                        () -> {
                            throw new IllegalStateException("no size");
                        },
                        () -> {
                            throw new OutOfMemoryError("no heap");
                        })) {
            engines.onFacts = failure;
            assertThatThrownBy(() -> pool.lease("a"))
                    .isInstanceOf(PoolException.class)
                    .hasMessageContaining("no ");
            assertThat(engines.open).hasValue(0);
            assertThat(pool.stats().usedBytes()).isZero();
        }
    }

    @Test
    void aMeasureOfTheProcessThatFailsIsOnlyACheckThatIsMissing() {
        var pool =
                EnginePool.builder(engines, timer)
                        .loads(loads)
                        .memory(() -> {
                            throw new IllegalStateException("mallinfo2 failed");
                        })
                        .build();
        pool.lease("a").close();
        assertThat(engines.open).hasValue(1);
    }

    @Test
    void aCancelledWaiterGoesAtOnceAndTheOthersStay() throws Exception {
        FakeEngines.Gate gate = engines.gate("a");
        var pool = pool();
        Cancellation gone = new Cancellation();
        var first = CompletableFuture.supplyAsync(() -> pool.lease("a", null, gone), callers);
        var second = CompletableFuture.supplyAsync(() -> pool.lease("a"), callers);
        gate.entered.await();
        Awaitility.await().until(() -> pool.stats().leases() == 2);
        gone.cancel();
        assertThatThrownBy(first::join)
                .cause()
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.category()).isEqualTo(Category.CANCELLED));
        assertThat(pool.stats().leases()).isEqualTo(1);
        gate.permits.release();
        second.join().close();
    }
}
