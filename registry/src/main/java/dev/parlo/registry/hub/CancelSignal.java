package dev.parlo.registry.hub;

import dev.parlo.registry.RegistryException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;

/** Ends a download's calls and pauses at once. Safe for use by many threads. */
public final class CancelSignal {
    private static final long LOOK_MILLIS = 50;

    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final Set<Call> calls = ConcurrentHashMap.newKeySet();
    private final Set<CancelSignal> children = ConcurrentHashMap.newKeySet();

    public void cancel() {
        cancelled.countDown();
        calls.forEach(Call::cancel);
        children.forEach(CancelSignal::cancel);
    }

    public boolean isCancelled() {
        return cancelled.getCount() == 0;
    }

    /** A signal that this one also gives. */
    public CancelSignal child() {
        CancelSignal child = new CancelSignal();
        children.add(child);
        if (isCancelled()) {
            child.cancel();
        }
        return child;
    }

    void begin(Call call) {
        calls.add(call);
        if (isCancelled()) {
            call.cancel();
        }
    }

    void end(Call call) {
        calls.remove(call);
    }

    /** Throws when cancelled. */
    public void check() {
        if (isCancelled()) {
            throw cancelled();
        }
    }

    /** Takes something, such as a lock, unless that lasts longer than a time. */
    public interface Trial {
        boolean within(long time, TimeUnit unit) throws InterruptedException;
    }

    /** Takes something for which nobody can be woken; throws when cancelled meanwhile. */
    public void take(Trial trial) {
        try {
            while (!trial.within(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                check();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw cancelled();
        }
    }

    /** Waits; throws when cancelled meanwhile. */
    public void pause(Duration duration) {
        try {
            if (cancelled.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
                throw cancelled();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw cancelled();
        }
    }

    public static RegistryException cancelled() {
        return new RegistryException(
                RegistryException.Category.CANCELLED, "The download was cancelled.");
    }
}
