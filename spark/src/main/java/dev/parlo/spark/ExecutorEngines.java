package dev.parlo.spark;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;

/**
 * The engines of this executor, lent to its tasks: one set for each way to transcribe, closed when
 * a task asks for another and nobody uses it, or when the process ends. Thread-safe.
 */
final class ExecutorEngines {
    /**
     * Static, as nothing else is: Spark makes the objects of a task anew for every task, and only
     * the process outlives them.
     */
    private static final ExecutorEngines OF_THIS_PROCESS = new ExecutorEngines();

    private final Map<ArchiveOptions, Shared> shared = new HashMap<>();

    private ExecutorEngines() {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::closeUnused));
    }

    private static final class Shared {
        final Engines engines;
        int users;

        Shared(Engines engines) {
            this.engines = engines;
        }
    }

    /** Engines that are used until this is closed. Closing twice is harmless. */
    static final class Lease implements AutoCloseable {
        private final ExecutorEngines owner;
        private final Shared shared;
        private boolean closed;

        private Lease(ExecutorEngines owner, Shared shared) {
            this.owner = owner;
            this.shared = shared;
        }

        Engines engines() {
            return shared.engines;
        }

        @Override
        public void close() {
            synchronized (owner) {
                if (!closed) {
                    closed = true;
                    shared.users--;
                }
            }
        }
    }

    static Lease lend(ArchiveOptions options) {
        return OF_THIS_PROCESS.lease(options);
    }

    private synchronized Lease lease(ArchiveOptions options) {
        Shared known = shared.get(options);
        if (known == null) {
            closeUnused(); // before: there may be no room for two
            SparkConf conf = SparkEnv.get().conf();
            int threads = conf.getInt("spark.task.cpus", 1);
            int cores =
                    conf.getInt(
                            "spark.executor.cores", Runtime.getRuntime().availableProcessors());
            known = new Shared(new Engines(options, threads, Math.max(1, cores / threads)));
            shared.put(options, known);
        }
        known.users++;
        return new Lease(this, known);
    }

    /** A task that runs while the process ends keeps its engine: closing would wait for it. */
    private synchronized void closeUnused() {
        for (Iterator<Shared> all = shared.values().iterator(); all.hasNext(); ) {
            Shared one = all.next();
            if (one.users == 0) {
                all.remove();
                one.engines.close();
            }
        }
    }
}
