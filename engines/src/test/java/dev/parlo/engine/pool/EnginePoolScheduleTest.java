package dev.parlo.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Many threads do random things with one pool; its promises hold whatever the order. */
class EnginePoolScheduleTest {
    private static final int THREADS = 8;
    private static final int STEPS = 400;
    private static final List<String> KEYS = List.of("a", "b", "c", "d", "e", "f");
    private static final long BUDGET = 100;
    private static final long LARGEST = 60;
    private static final int PARALLEL = 2;

    @Property(tries = 25, shrinking = ShrinkingMode.OFF)
    void promisesHoldUnderRandomSchedules(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        ManualTimer timer = new ManualTimer();
        FakeEngines engines = new FakeEngines();
        engines.keepAlive = KeepAlive.ofSeconds(3);
        long beyondExpected = 0;
        for (String key : KEYS) {
            long size = 1 + random.nextLong(LARGEST);
            engines.expected.put(key, size);
            if (random.nextInt(4) == 0) { // one that turns out larger or smaller
                long actual = 1 + random.nextLong(LARGEST);
                engines.actual.put(key, actual);
                beyondExpected += Math.max(0, actual - size);
            }
        }
        engines.failing.put("f", new IllegalStateException("always broken"));
        AtomicInteger lent = new AtomicInteger();
        ExecutorService loads = Executors.newVirtualThreadPerTaskExecutor();
        ExecutorService callers = Executors.newFixedThreadPool(THREADS);
        try {
            EnginePool<String, FakeEngines.Engine> pool =
                    EnginePool.builder(engines, timer)
                            .settings(new PoolSettings(BUDGET, Duration.ofSeconds(20), PARALLEL))
                            .loads(loads)
                            .build();
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                long threadSeed = random.nextLong();
                work.add(callers.submit(() -> play(new Random(threadSeed), pool, timer, lent)));
            }
            // Those that wait for room need the time to go on, as it does outside of tests.
            for (Future<?> each : work) {
                while (!isDoneSoon(each)) {
                    timer.advance(Duration.ofMillis(500));
                }
            }
            pool.close();
            loads.shutdown();
            assertThat(loads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            assertThat(engines.breaches).isEmpty();
            assertThat(engines.open).hasValue(0);
            assertThat(engines.openBytes).hasValue(0);
            // a key is loaded once at a time, and what it has too much is seen when it is there
            assertThat(engines.mostOpenBytes.get()).isLessThanOrEqualTo(BUDGET + beyondExpected);
            assertThat(engines.mostLoading.get()).isLessThanOrEqualTo(PARALLEL);
            assertThat(pool.list()).isEmpty();
            assertThat(pool.stats()).isEqualTo(new PoolStats(0, 0, 0, 0, 0, BUDGET));
            assertThat(timer.pending()).isZero();
            assertThat(lent.get()).isPositive();
        } finally {
            callers.shutdownNow();
            loads.shutdownNow();
        }
    }

    private static boolean isDoneSoon(Future<?> work) throws Exception {
        try {
            work.get(1, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        }
    }

    private static void play(
            Random random,
            EnginePool<String, FakeEngines.Engine> pool,
            ManualTimer timer,
            AtomicInteger lent) {
        for (int step = 0; step < STEPS; step++) {
            String key = KEYS.get(random.nextInt(KEYS.size()));
            try {
                switch (random.nextInt(12)) {
                    case 0 -> pool.unload(key);
                    case 1 -> pool.load(key, null, null);
                    case 2 -> timer.advance(Duration.ofMillis(random.nextInt(2000)));
                    case 3 -> {
                        pool.pin(key);
                        pool.unpin(key);
                    }
                    case 4 -> {
                        long held = 0;
                        for (EngineStatus<String> status : pool.list()) {
                            held += status.state() == EngineState.LOADING ? 0 : status.sizeBytes();
                        }
                        assertThat(held).isLessThanOrEqualTo(BUDGET);
                    }
                    case 5 -> Thread.currentThread().interrupt(); // the next wait ends at once
                    default -> {
                        KeepAlive keepAlive =
                                random.nextInt(3) == 0
                                        ? KeepAlive.ofSeconds(random.nextInt(4) - 1)
                                        : null;
                        try (var lease = pool.lease(key, keepAlive)) {
                            lease.engine().use(Thread::yield);
                            lent.incrementAndGet();
                        }
                    }
                }
            } catch (PoolException expected) {
                boolean interrupted = Thread.interrupted();
                assertThat(expected.reason() == PoolException.Reason.INTERRUPTED && !interrupted)
                        .as("the interrupt is restored")
                        .isFalse();
            }
        }
        boolean ignored = Thread.interrupted();
    }
}
