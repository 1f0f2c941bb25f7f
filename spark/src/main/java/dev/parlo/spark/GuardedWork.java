package dev.parlo.spark;

import java.io.IOException;
import java.util.Optional;
import org.apache.spark.TaskContext;

/**
 * Keeps one file that ends the process, by a fault in native code, from ending the job. A task that
 * is tried again marks what it begins with; what ended the processes of two such tries becomes an
 * error. A first try does not mark: nearly all tasks have no second.
 *
 * @param attempt of the task, from 0
 */
record GuardedWork(Checkpoint checkpoint, int attempt) {
    private static final int MOST = 2;

    static GuardedWork ofTask(Checkpoint checkpoint) {
        return new GuardedWork(checkpoint, TaskContext.get().attemptNumber());
    }

    /** Something that yields a result. */
    interface Work<T> {
        T run() throws IOException;
    }

    /**
     * Runs work on what the key names.
     *
     * @return empty where the work ended two processes
     */
    <T> Optional<T> run(String key, Work<T> work) throws IOException {
        if (attempt == 0) {
            return Optional.of(work.run());
        }
        if (checkpoint.marks(key) >= MOST) {
            return Optional.empty();
        }
        String mark = checkpoint.mark(key);
        try {
            return Optional.of(work.run());
        } finally {
            checkpoint.unmark(mark);
        }
    }

    static Failure failure() {
        return new Failure(
                "process_ended", "The process of the executor ended each time it read this.");
    }
}
