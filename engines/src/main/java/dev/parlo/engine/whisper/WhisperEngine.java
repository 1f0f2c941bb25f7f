package dev.parlo.engine.whisper;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Placement;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import dev.parlo.engine.whisper.cpu.CpuNetwork;
import dev.parlo.engine.whisper.graph.ComputePlan;
import dev.parlo.engine.whisper.network.WhisperNetwork;
import dev.parlo.engine.whisper.tokenizer.WhisperTokenizer;
import dev.parlo.engine.whisper.window.SequentialRuntime;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A Whisper checkpoint in CTranslate2's format, transcribing as faster-whisper does. A bounded
 * number of platform threads compute, a bounded queue waits before them. Thread-safe.
 */
public final class WhisperEngine implements SpeechToText {
    private final WhisperNetwork network;
    private final ModelTokens tokens;
    private final SequentialRuntime runtime;
    private final ThreadPoolExecutor workers;
    private final Set<TranscriptionJob> jobs = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    private WhisperEngine(
            WhisperNetwork network, ModelTokens tokens, WhisperEngineSettings settings) {
        this.network = network;
        this.tokens = tokens;
        runtime = new SequentialRuntime(network.shape().melBands(), () -> network.openArena(1));
        BlockingQueue<Runnable> queue =
                settings.queue() == 0
                        ? new SynchronousQueue<>()
                        : new ArrayBlockingQueue<>(settings.queue());
        workers =
                new ThreadPoolExecutor(
                        settings.workers(),
                        settings.workers(),
                        0,
                        TimeUnit.SECONDS,
                        queue,
                        Thread.ofPlatform().name("whisper-", 0).daemon().factory());
    }

    /**
     * Loads a checkpoint directory, converting its weights on first use.
     *
     * @param cancellation ends the conversion early
     * @throws EngineException of category BAD_MODEL, NO_SPACE or CANCELLED
     */
    public static WhisperEngine open(
            Path checkpoint, WhisperEngineSettings settings, Cancellation cancellation) {
        WhisperTokenizer tokenizer = WhisperTokenizer.open(checkpoint, settings.cache());
        WhisperNetwork network = null;
        try {
            network =
                    switch (settings.placement()) {
                        case Placement.Cpu cpu ->
                                CpuNetwork.load(
                                        checkpoint,
                                        ComputePlan.forThisProcessor(settings.computeType()),
                                        new WeightCache(settings.cache()),
                                        cpu,
                                        cancellation);
                        case Placement.Cuda cuda -> throw cpuOnly(cuda);
                    };
            int[] languages = ints(network.config().languageIds());
            tokenizer.vocabulary().check(network.shape().vocabularySize(), languages);
            int[] atBegin = ints(network.config().suppressIdsBegin());
            return new WhisperEngine(network, ModelTokens.of(tokenizer, atBegin), settings);
        } catch (RuntimeException e) {
            tokenizer.close();
            if (network != null) {
                network.close();
            }
            throw e;
        }
    }

    /** Deletes converted weights whose checkpoint is no longer there. */
    public static void forgetDeletedCheckpoints(CacheFolder cache) {
        new WeightCache(cache).removeOrphans();
    }

    @Override
    public Transcript transcribe(
            AudioSource audio,
            TranscribeOptions options,
            SegmentSink sink,
            Cancellation cancellation) {
        OptionsCheck.check(options, tokens);
        // A failure or the engine's end stops this work; the flag of the caller is the caller's.
        Cancellation own = new Cancellation();
        try (Cancellation.Registration link = cancellation.onCancel(own::cancel)) {
            return run(new TranscriptionJob(r -> compute(audio, options, r, own), own), sink);
        } catch (EngineException e) {
            throw e.category() == EngineException.Category.CANCELLED
                            && closed.get()
                            && !cancellation.isCancelled()
                    ? closing(e)
                    : e;
        }
    }

    private Transcript run(TranscriptionJob job, SegmentSink sink) {
        jobs.add(job);
        try {
            workers.execute(job);
            if (closed.get()) {
                job.cancel(); // closing may have missed it
            }
            return job.await(sink, () -> workers.remove(job));
        } catch (RejectedExecutionException e) {
            throw closed.get() ? closing(e) : refusal(e);
        } finally {
            jobs.remove(job);
        }
    }

    @Override
    public List<String> languages() {
        return multilingual()
                ? List.copyOf(tokens.tokenizer().vocabulary().languages().keySet())
                : List.of("en");
    }

    @Override
    public boolean multilingual() {
        return tokens.multilingual();
    }

    @Override
    public long nativeBytes() {
        return network.weightBytes() + runtime.bytes();
    }

    @Override
    public EngineFacts facts() {
        return new EngineFacts(
                network.placement(), network.computeType(), network.runtime(), nativeBytes());
    }

    /** Cancels what runs and what waits, and frees the memory once the workers have stopped. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        workers.shutdown();
        jobs.forEach(TranscriptionJob::cancel);
        boolean interrupted = false;
        while (true) {
            try {
                if (workers.awaitTermination(1, TimeUnit.SECONDS)) {
                    break;
                }
                jobs.forEach(TranscriptionJob::cancel);
            } catch (InterruptedException e) {
                interrupted = true; // native memory must not be freed under a running worker
            }
        }
        runtime.close();
        network.close();
        tokens.tokenizer().close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Transcript compute(
            AudioSource audio,
            TranscribeOptions options,
            SegmentSink sink,
            Cancellation cancellation) {
        return new SequentialTranscriber(tokens, runtime)
                .transcribe(audio, options, sink, cancellation);
    }

    private static EngineException closing(Exception cause) {
        return new EngineException(
                EngineException.Category.CANCELLED, "The model is being unloaded.", cause);
    }

    private EngineException refusal(RejectedExecutionException cause) {
        return new EngineException(
                EngineException.Category.OVERLOADED,
                String.format(
                        Locale.ROOT,
                        "The model is busy, and as many requests wait for it as may (%d). Try again later.",
                        workers.getQueue().size()),
                cause);
    }

    private static EngineException cpuOnly(Placement.Cuda cuda) {
        return new EngineException(
                EngineException.Category.BAD_REQUEST,
                "This build computes Whisper on cpu only, and not on " + cuda.label() + ".");
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }
}
