package dev.parlo.registry.cache;

import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import dev.parlo.registry.cache.DownloadProgress.State;
import dev.parlo.registry.hub.CancelSignal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * A download under way, shared by everyone who asked for the same model. Safe for use by many
 * threads.
 */
public final class Download {
    private final ModelId id;
    private volatile boolean alreadyInstalled;
    private final ProgressMeter meter;
    private final CancelSignal signal = new CancelSignal();
    private final CompletableFuture<InstalledModel> result = new CompletableFuture<>();

    Download(ModelId id) {
        this.id = id;
        this.meter = new ProgressMeter(id, System::nanoTime);
    }

    public ModelId id() {
        return id;
    }

    /** Whether nothing had to be fetched; known when it has ended. */
    public boolean alreadyInstalled() {
        return alreadyInstalled;
    }

    /** Where it stands now. */
    public DownloadProgress progress() {
        return meter.snapshot();
    }

    /**
     * Calls a listener with the present state, with every change of state and about every tenth of
     * a second; the last call has the state DONE, FAILED or CANCELLED. The listener is called by
     * the downloading threads and must not block.
     */
    public Subscription subscribe(Consumer<DownloadProgress> listener) {
        return meter.subscribe(listener);
    }

    /**
     * Waits for the end. Interrupting the waiter does not end the download.
     *
     * @throws RegistryException as the download failed; CANCELLED also when the waiter is
     *     interrupted
     */
    public InstalledModel await() {
        try {
            return result.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RegistryException known
                    ? known.again()
                    : new RegistryException(
                            Category.IO, "The download of '" + id + "' failed.", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw CancelSignal.cancelled();
        }
    }

    /** Whether it has ended, one way or the other. */
    public boolean isDone() {
        return result.isDone();
    }

    /** Ends it for everyone; what was fetched is kept and goes on with the next download. */
    public void cancel() {
        signal.cancel();
    }

    CancelSignal signal() {
        return signal;
    }

    ProgressMeter meter() {
        return meter;
    }

    /** The model was complete before. */
    void foundInstalled() {
        alreadyInstalled = true;
    }

    void succeed(InstalledModel model) {
        meter.state(State.DONE);
        result.complete(model);
    }

    void fail(RuntimeException failure) {
        boolean cancelled =
                failure instanceof RegistryException known
                        && known.category() == Category.CANCELLED;
        meter.state(cancelled ? State.CANCELLED : State.FAILED);
        result.completeExceptionally(failure);
    }
}
