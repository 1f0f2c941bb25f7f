package dev.parlo.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A pool of fake engines under a timer that stands still until a test moves it. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class PoolTest {
    final ManualTimer timer = new ManualTimer();
    final FakeEngines engines = new FakeEngines();
    final ExecutorService loads = Executors.newVirtualThreadPerTaskExecutor();
    final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    final List<String> events = new CopyOnWriteArrayList<>();

    @AfterEach
    void noBreaches() {
        callers.shutdownNow();
        loads.shutdownNow();
        assertThat(engines.breaches).isEmpty();
    }

    final EnginePool<String, FakeEngines.Engine> pool(PoolSettings settings) {
        return EnginePool.builder(engines, timer)
                .settings(settings)
                .loads(loads)
                .observer(
                        new PoolObserver<String>() {
                            @Override
                            public void unloaded(String key, Unloaded why, long bytes) {
                                events.add(key + " " + why);
                            }
                        })
                .build();
    }

    final EnginePool<String, FakeEngines.Engine> pool() {
        return pool(PoolSettings.defaults());
    }

    final EnginePool<String, FakeEngines.Engine> budget(long bytes) {
        return pool(PoolSettings.defaults().withMemoryBudget(bytes));
    }

    /** Until the load of an engine of so many bytes, prepared, has looked for its turn and room. */
    static void awaitLookForRoom(EnginePool<String, ?> pool, long bytes) {
        await().until(() ->
                pool.list().stream()
                        .anyMatch(engine ->
                                engine.state() == EngineState.LOADING
                                        && engine.sizeBytes() == bytes));
    }

    static List<String> keys(EnginePool<String, ?> pool) {
        return pool.list().stream().map(EngineStatus::key).toList();
    }
}
