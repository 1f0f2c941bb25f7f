package dev.parlo.engine.pool;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Placement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A loader of engines that do nothing but check how they are treated. */
final class FakeEngines implements EngineLoader<String, FakeEngines.Engine> {
    /** Breaches of what a pool promises; empty in a passing test. */
    final Set<String> breaches = ConcurrentHashMap.newKeySet();

    final AtomicInteger loads = new AtomicInteger();
    final AtomicInteger open = new AtomicInteger();
    final AtomicLong openBytes = new AtomicLong();
    final AtomicLong mostOpenBytes = new AtomicLong();
    final Map<String, Long> expected = new ConcurrentHashMap<>();
    final Map<String, Long> actual = new ConcurrentHashMap<>();
    final Map<String, Long> onDevice = new ConcurrentHashMap<>();
    volatile long deviceCapacity = Long.MAX_VALUE;
    final Map<String, RuntimeException> failing = new ConcurrentHashMap<>();
    final Map<String, Gate> gates = new ConcurrentHashMap<>();
    volatile KeepAlive keepAlive = KeepAlive.FOREVER;
    private final Map<String, Engine> alive = new ConcurrentHashMap<>();
    private final Set<String> loading = ConcurrentHashMap.newKeySet();
    private final Set<Cancellation> loadingNow = new HashSet<>();

    /** At the same time, without those that were given up and have not come back yet. */
    final AtomicInteger mostLoading = new AtomicInteger();

    final Map<String, Gate> preparing = new ConcurrentHashMap<>();
    volatile Runnable onFacts = () -> {};

    /** Holds a load up until the test opens it. */
    static final class Gate {
        final CountDownLatch entered = new CountDownLatch(1);
        final Semaphore permits = new Semaphore(0);
        volatile @Nullable Cancellation cancellation;
    }

    final class Engine implements AutoCloseable {
        final String key;
        volatile long bytes;
        private final AtomicInteger users = new AtomicInteger();
        private volatile boolean closed;

        Engine(String key, long bytes) {
            this.key = key;
            this.bytes = bytes;
        }

        void use(Runnable work) {
            users.incrementAndGet();
            check(!closed, "used after close: " + key);
            work.run();
            check(!closed, "closed while in use: " + key);
            users.decrementAndGet();
        }

        boolean isClosed() {
            return closed;
        }

        @Override
        public void close() {
            check(!closed, "closed twice: " + key);
            check(users.get() == 0, "closed with users: " + key);
            closed = true;
            check(alive.remove(key, this), "not the engine of its key: " + key);
            open.decrementAndGet();
            openBytes.addAndGet(-bytes);
        }
    }

    Gate gate(String key) {
        return gates.computeIfAbsent(key, any -> new Gate());
    }

    @Override
    public long expectedBytes(String key) {
        return expected.getOrDefault(key, 0L);
    }

    @Override
    public Engine load(String key, Cancellation cancellation) throws Exception {
        check(loading.add(key), "two loads at once of " + key);
        begin(cancellation);
        try {
            loads.incrementAndGet();
            Gate gate = gates.get(key);
            if (gate != null) {
                gate.cancellation = cancellation;
                gate.entered.countDown();
                gate.permits.acquire();
            }
            RuntimeException failure = failing.get(key);
            if (failure != null) {
                throw failure;
            }
            long held = alive.keySet().stream().mapToLong(this::deviceBytes).sum();
            if (deviceBytes(key) > deviceCapacity - held) {
                throw new EngineException(EngineException.Category.NO_SPACE, "the GPU is full");
            }
            long bytes = actual.getOrDefault(key, expectedBytes(key));
            Engine engine = new Engine(key, bytes);
            check(alive.putIfAbsent(key, engine) == null, "two engines of one key: " + key);
            open.incrementAndGet();
            long total = openBytes.addAndGet(bytes);
            mostOpenBytes.accumulateAndGet(total, Math::max);
            return engine;
        } finally {
            synchronized (loadingNow) {
                loadingNow.remove(cancellation);
            }
            loading.remove(key);
        }
    }

    private void begin(Cancellation cancellation) {
        synchronized (loadingNow) {
            loadingNow.add(cancellation);
            long wanted = loadingNow.stream().filter(load -> !load.isCancelled()).count();
            mostLoading.accumulateAndGet((int) wanted, Math::max);
        }
    }

    @Override
    public void prepare(String key, Cancellation cancellation) throws Exception {
        Gate gate = preparing.get(key);
        if (gate != null) {
            gate.cancellation = cancellation;
            gate.entered.countDown();
            gate.permits.acquire();
        }
    }

    @Override
    public EngineFacts facts(Engine engine) {
        onFacts.run();
        return new EngineFacts(
                List.of(Placement.Cpu.threads(1)),
                ComputeType.INT8,
                "nothing",
                engine.bytes,
                deviceBytes(engine.key),
                Map.of());
    }

    private long deviceBytes(String key) {
        return onDevice.getOrDefault(key, 0L);
    }

    @Override
    public KeepAlive keepAlive(String key) {
        return keepAlive;
    }

    private void check(boolean holds, String breach) {
        if (!holds) {
            breaches.add(breach);
        }
    }
}
