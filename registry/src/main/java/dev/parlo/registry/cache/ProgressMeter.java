package dev.parlo.registry.cache;

import dev.parlo.registry.ModelId;
import dev.parlo.registry.cache.DownloadProgress.State;
import dev.parlo.registry.hub.RemoteFile;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts a download's bytes and tells its listeners, at most every tenth of a second and at every
 * change of state. Safe for use by many threads; listeners are called by whichever thread counts,
 * one at a time, and must return quickly.
 */
final class ProgressMeter {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressMeter.class);
    private static final long BETWEEN_NANOS = 100_000_000L;
    private static final double SMOOTHING_SECONDS = 3.0;

    private final ModelId id;
    private final LongSupplier nanos;
    private final List<Consumer<DownloadProgress>> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, Long> done = new HashMap<>();
    private final Map<String, Long> totals = new HashMap<>();
    private State state = State.QUEUED;
    private String file = "";
    private long bytes;
    private long totalBytes;
    private double rate;
    private long receivedSinceRate;
    private long rateAt;
    private long toldAt;

    ProgressMeter(ModelId id, LongSupplier nanos) {
        this.id = id;
        this.nanos = nanos;
        this.rateAt = nanos.getAsLong();
        this.toldAt = rateAt - BETWEEN_NANOS;
    }

    /** Adds a listener, which is told the present state at once. */
    synchronized Subscription subscribe(Consumer<DownloadProgress> listener) {
        listeners.add(listener);
        call(listener, snapshot());
        return () -> listeners.remove(listener);
    }

    synchronized DownloadProgress snapshot() {
        long left = Math.max(0, totalBytes - bytes);
        boolean known = state == State.DOWNLOADING && rate > 1;
        return new DownloadProgress(
                id,
                state,
                file,
                done.getOrDefault(file, 0L),
                totals.getOrDefault(file, 0L),
                bytes,
                totalBytes,
                rate,
                known
                        ? Optional.of(Duration.ofMillis((long) Math.min(1e12, left / rate * 1000)))
                        : Optional.empty());
    }

    /** The files to come; their bytes make the total. */
    synchronized void begin(List<RemoteFile> files) {
        files.forEach(each -> totals.put(each.path(), each.size()));
        totalBytes = totals.values().stream().mapToLong(Long::longValue).sum();
        rateAt = nanos.getAsLong();
        state(State.DOWNLOADING);
    }

    synchronized void state(State next) {
        state = next;
        tell();
    }

    /** Bytes just received. */
    synchronized void received(String path, long count) {
        file = path;
        done.merge(path, count, Long::sum);
        bytes += count;
        receivedSinceRate += count;
        long now = nanos.getAsLong();
        if (now - toldAt >= BETWEEN_NANOS) {
            updateRate(now);
            tell();
        }
    }

    /** A file's bytes as they lie on disk: found from an earlier attempt, or lost. */
    synchronized void standsAt(String path, long count) {
        file = path;
        bytes += count - done.getOrDefault(path, 0L);
        done.put(path, count);
        tell();
    }

    private void updateRate(long now) {
        double seconds = (now - rateAt) / 1e9;
        if (seconds <= 0) {
            return;
        }
        double latest = receivedSinceRate / seconds;
        double weight = rate == 0 ? 1 : 1 - Math.exp(-seconds / SMOOTHING_SECONDS);
        rate += weight * (latest - rate);
        receivedSinceRate = 0;
        rateAt = now;
    }

    private void tell() {
        toldAt = nanos.getAsLong();
        DownloadProgress progress = snapshot();
        listeners.forEach(listener -> call(listener, progress));
    }

    private static void call(Consumer<DownloadProgress> listener, DownloadProgress progress) {
        try {
            listener.accept(progress);
        } catch (RuntimeException careless) {
            LOG.warn("a progress listener failed: {}", careless.toString());
        }
    }
}
