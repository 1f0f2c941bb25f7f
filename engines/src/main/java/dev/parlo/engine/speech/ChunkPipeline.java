package dev.parlo.engine.speech;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechChunk;
import dev.parlo.engine.SpeechSink;
import dev.parlo.engine.log.CallersLog;
import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.engine.steps.Waiting;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Computes one chunk ahead of the sink: while the caller's thread hands over a chunk, the next one
 * is made on the executor. Thread-safe.
 */
public final class ChunkPipeline {
    private final ExecutorService executor;
    private final NativeSteps steps;

    /**
     * @param steps of the engine that makes the chunks
     */
    public ChunkPipeline(ExecutorService executor, NativeSteps steps) {
        this.executor = executor;
        this.steps = steps;
    }

    /** Makes the next chunk, or answers null at the end. */
    public interface Producer {
        @Nullable SpeechChunk next();
    }

    /**
     * Runs until the producer ends. When the sink fails, the chunk in the making is cancelled and
     * awaited, so that nothing goes on behind the caller's back; but it is not awaited where it is
     * in native code that never returns and the engine is given up.
     */
    public void run(Producer producer, SpeechSink sink, Cancellation cancellation) {
        CompletableFuture<@Nullable SpeechChunk> ahead = started(producer);
        boolean done = false;
        try {
            for (SpeechChunk chunk = take(ahead); chunk != null; chunk = take(ahead)) {
                ahead = started(producer);
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

    private CompletableFuture<@Nullable SpeechChunk> started(Producer producer) {
        CompletableFuture<@Nullable SpeechChunk> chunk = new CompletableFuture<>();
        executor.execute(CallersLog.carried(Waiting.of(chunk, producer::next)));
        return chunk;
    }

    private void settle(CompletableFuture<@Nullable SpeechChunk> last) {
        try {
            var unused = take(last);
        } catch (EngineException ignored) {
            // the failure that ended the speech is on its way already
        }
    }

    private @Nullable SpeechChunk take(CompletableFuture<@Nullable SpeechChunk> future) {
        try {
            return steps.await(future, () -> {}); // a run cannot be left alone with its tensors
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof EngineException known) {
                throw known;
            }
            throw new EngineException(
                    EngineException.Category.INTERNAL,
                    "Speech synthesis failed unexpectedly.",
                    failure);
        }
    }
}
