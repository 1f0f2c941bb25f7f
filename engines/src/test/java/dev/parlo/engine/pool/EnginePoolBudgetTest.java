package dev.parlo.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException.Category;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
}
