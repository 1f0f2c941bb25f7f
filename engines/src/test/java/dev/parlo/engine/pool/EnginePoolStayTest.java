package dev.parlo.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How long engines stay: keep-alive times, pins, and being asked to go. */
class EnginePoolStayTest extends PoolTest {
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
    void askingForALoadedEnginesStayChangesIt() {
        engines.keepAlive = KeepAlive.ofSeconds(500);
        var pool = pool();
        pool.lease("a").close();
        assertThat(pool.load("a", KeepAlive.ofSeconds(10), null)).isEqualTo(LoadResult.CHANGED);
        assertThat(pool.list().getFirst().expiresAt()).isEqualTo(timer.now().plusSeconds(10));
        assertThat(pool.load("a", null, true)).isEqualTo(LoadResult.CHANGED);
        timer.advance(Duration.ofDays(1));
        assertThat(pool.list()).singleElement().satisfies(s -> assertThat(s.pinned()).isTrue());
        assertThat(pool.load("a", null, false)).isEqualTo(LoadResult.CHANGED);
        assertThat(pool.list().getFirst().expiresAt()).isEqualTo(timer.now().plusSeconds(10));
        assertThat(pool.load("a", KeepAlive.NONE, null)).isEqualTo(LoadResult.CHANGED);
        assertThat(pool.list()).isEmpty();
    }

    @Test
    void aLoadThatFailsLeavesPinsAsTheyWere() {
        engines.keepAlive = KeepAlive.ofSeconds(5);
        var pool = pool();
        pool.pin("a");
        engines.failing.put("a", new IllegalStateException("broken"));
        engines.failing.put("b", new IllegalStateException("broken"));
        assertThatThrownBy(() -> pool.load("a", null, true)).isInstanceOf(PoolException.class);
        assertThatThrownBy(() -> pool.load("b", null, true)).isInstanceOf(PoolException.class);
        engines.failing.clear();
        pool.lease("a").close();
        pool.lease("b").close();
        timer.advance(Duration.ofDays(1));
        assertThat(keys(pool)).containsExactly("a");
    }

    @Test
    void aPinThatComesWithTheLoadKeepsWhatNothingElseWould() {
        var pool = pool();
        assertThat(pool.load("a", KeepAlive.NONE, true)).isEqualTo(LoadResult.LOADED);
        assertThat(keys(pool)).containsExactly("a");
    }
}
