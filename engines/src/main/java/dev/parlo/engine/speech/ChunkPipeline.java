package dev.parlo.engine.speech;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechChunk;
import dev.parlo.engine.SpeechSink;
import dev.parlo.engine.log.CallersLog;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Computes one chunk ahead of the sink: while the caller's thread hands over a chunk, the next one
 * is made on the executor. Thread-safe.
 */
public final class ChunkPipeline {
    private final ExecutorService executor;

    public ChunkPipeline(ExecutorService executor) {
        this.executor = executor;
    }

    /** Makes the next chunk, or answers null at the end. */
    public interface Producer {
        @Nullable SpeechChunk next();
    }

    /**
     * Runs until the producer ends. When the sink fails, the chunk in the making is cancelled and
     * awaited, so that nothing goes on behind the caller's back.
     */
    public void run(Producer producer, SpeechSink sink, Cancellation cancellation) {
        Future<@Nullable SpeechChunk> ahead = executor.submit(CallersLog.carried(producer::next));
        boolean done = false;
        try {
            for (SpeechChunk chunk = take(ahead); chunk != null; chunk = take(ahead)) {
                ahead = executor.submit(CallersLog.carried(producer::next));
                cancellation.check();
                sink.accept(chunk);
            }
            done = true;
        } finally {
            if (!done) {
                cancellation.cancel();
                settle(ahead);
            }
        }
    }

    private static void settle(Future<@Nullable SpeechChunk> last) {
        try {
            var unused = take(last);
        } catch (EngineException ignored) {
            // the failure that ended the speech is on its way already
        }
    }

    private static @Nullable SpeechChunk take(Future<@Nullable SpeechChunk> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException later) {
                    // a run cannot be left alone with its tensors
                    interrupted = true;
                }
            }
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof EngineException known) {
                throw known;
            }
            throw new EngineException(
                    EngineException.Category.INTERNAL,
                    "Speech synthesis failed unexpectedly.",
                    failure);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
