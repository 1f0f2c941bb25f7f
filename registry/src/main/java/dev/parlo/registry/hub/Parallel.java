package dev.parlo.registry.hub;

import dev.parlo.registry.RegistryException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs jobs on virtual threads, a few at once; the first failure cancels the others. */
public final class Parallel {
    private Parallel() {}

    /** The jobs' results in order. Each gets a signal that a failure of another one gives too. */
    public static <T> List<T> all(
            List<Function<CancelSignal, T>> jobs, int atOnce, CancelSignal parent) {
        CancelSignal signal = parent.child();
        Semaphore places = new Semaphore(atOnce);
        List<Future<T>> futures = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Function<CancelSignal, T> job : jobs) {
                futures.add(
                        threads.submit(() -> {
                            places.acquireUninterruptibly();
                            try {
                                signal.check();
                                return job.apply(signal);
                            } catch (RuntimeException | Error failed) {
                                signal.cancel();
                                throw failed;
                            } finally {
                                places.release();
                            }
                        }));
            }
        }
        return results(futures, parent);
    }

    private static <T> List<T> results(List<Future<T>> futures, CancelSignal parent) {
        List<T> results = new ArrayList<>();
        @Nullable RuntimeException failure = null;
        for (Future<T> future : futures) {
            try {
                results.add(future.get());
            } catch (ExecutionException failed) {
                RuntimeException cause = unchecked(failed);
                if (failure == null || isCancelled(failure)) {
                    failure = cause;
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw CancelSignal.cancelled();
            }
        }
        parent.check();
        if (failure != null) {
            throw failure;
        }
        return results;
    }

    private static RuntimeException unchecked(ExecutionException failed) {
        return switch (failed.getCause()) {
            case RuntimeException runtime -> runtime;
            case Error error -> throw error;
            case null, default -> new IllegalStateException(failed);
        };
    }

    private static boolean isCancelled(RuntimeException failure) {
        return failure instanceof RegistryException known
                && known.category() == RegistryException.Category.CANCELLED;
    }
}
