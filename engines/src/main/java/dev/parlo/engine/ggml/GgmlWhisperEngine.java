package dev.parlo.engine.ggml;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Placement;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.audio.AudioSource;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Whisper from a {@code ggml-*.bin} file, on the CPU, by whisper.cpp 1.7.1.
 *
 * <p>Takes the audio in windows of 30 seconds and moves on to the end of the last segment, as
 * whisper.cpp does; the rules for the temperature ladder and for silence are faster-whisper's. A
 * request can be cancelled between two computations of the decoder. Options without a counterpart
 * are refused with BAD_REQUEST: see {@link GgmlOptions}.
 *
 * <p>Thread-safe. {@code concurrent} requests compute at a time on platform threads of the engine,
 * {@code waiting} more queue; any further is refused with OVERLOADED.
 */
public final class GgmlWhisperEngine implements SpeechToText {
    /** whisper.cpp's regular expressions recurse for every character of a prompt. */
    private static final long STACK_BYTES = 16L << 20;

    private static final long POLL_MILLIS = 50;

    private final WhisperLibrary library;
    private final GgmlFile file;
    private final MemorySegment context;
    private final List<String> languages;
    private final int threads;
    private final int capacity;
    private final ExecutorService workers;
    private final Semaphore turns;
    private final Object lock = new Object();
    private int admitted;
    private int states;
    private volatile boolean closed;

    /**
     * Loads a model.
     *
     * @param model a {@code ggml-*.bin} file
     * @param threads that one request computes with, at least 1
     * @param concurrent requests that compute at the same time, at least 1
     * @param waiting requests that may wait besides them, at least 0
     * @throws EngineException of category BAD_MODEL where the file is damaged or of an unknown
     *     layout
     */
    public static GgmlWhisperEngine open(Path model, int threads, int concurrent, int waiting) {
        if (threads < 1 || concurrent < 1 || waiting < 0) {
            throw new IllegalArgumentException(
                    "threads " + threads + ", concurrent " + concurrent + ", waiting " + waiting);
        }
        GgmlFile file = GgmlFile.read(model);
        WhisperLibrary library = WhisperLibrary.load();
        MemorySegment context = library.loadContext(model.toAbsolutePath().toString());
        if (context.equals(MemorySegment.NULL)) {
            throw new EngineException(
                    Category.BAD_MODEL,
                    "whisper.cpp cannot load " + model.getFileName() + "; is there enough memory?");
        }
        return new GgmlWhisperEngine(library, file, context, threads, concurrent, waiting);
    }

    private GgmlWhisperEngine(
            WhisperLibrary library,
            GgmlFile file,
            MemorySegment context,
            int threads,
            int concurrent,
            int waiting) {
        this.library = library;
        this.file = file;
        this.context = context;
        this.threads = threads;
        this.capacity = concurrent + waiting;
        turns = new Semaphore(concurrent, true);
        languages = library.languages(file.layout().languages());
        workers =
                Executors.newFixedThreadPool(
                        concurrent,
                        work -> {
                            Thread thread = new Thread(null, work, "ggml-whisper", STACK_BYTES);
                            thread.setDaemon(true);
                            return thread;
                        });
    }

    @Override
    public Transcript transcribe(
            AudioSource audio,
            TranscribeOptions options,
            SegmentSink sink,
            Cancellation cancellation) {
        GgmlOptions.check(options, file.layout(), languages());
        cancellation.check();
        admit();
        try {
            awaitTurn(cancellation);
            try {
                return compute(audio, options, sink, cancellation);
            } finally {
                turns.release();
            }
        } finally {
            synchronized (lock) {
                admitted--;
                lock.notifyAll();
            }
        }
    }

    /** Requests that wait hold no state: it takes more memory than the audio of a window. */
    private void awaitTurn(Cancellation cancellation) {
        try {
            while (!turns.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                cancellation.check();
                if (closed) {
                    throw closing();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException(Category.CANCELLED, "The request was interrupted.", e);
        }
    }

    private Transcript compute(
            AudioSource audio,
            TranscribeOptions options,
            SegmentSink sink,
            Cancellation cancellation) {
        Work work = new Work();
        try (WhisperState state =
                work.call(() ->
                        new WhisperState(
                                library,
                                context,
                                file.layout(),
                                threads,
                                () -> closed || work.interrupted || cancellation.isCancelled()))) {
            count(1);
            try {
                return new GgmlTranscription(
                                state,
                                work,
                                languages,
                                file.layout().multilingual(),
                                options,
                                sink,
                                cancellation)
                        .run(audio);
            } finally {
                count(-1);
            }
        }
    }

    private void count(int change) {
        synchronized (lock) {
            states += change;
        }
    }

    private void admit() {
        synchronized (lock) {
            if (closed) {
                throw closing();
            }
            if (admitted >= capacity) {
                throw new EngineException(
                        Category.OVERLOADED,
                        "The model is busy with "
                                + admitted
                                + " requests, of at most "
                                + capacity
                                + ". Try again later.");
            }
            admitted++;
        }
    }

    private static EngineException closing() {
        return new EngineException(Category.CANCELLED, "The model is being unloaded.");
    }

    /** Runs a request's native work on the engine's threads and waits for it. */
    private final class Work implements GgmlTranscription.Worker {
        private volatile boolean interrupted;

        @Override
        public <T> T call(Callable<T> task) {
            if (closed) {
                throw closing();
            }
            Future<T> future;
            try {
                future = workers.submit(task);
            } catch (java.util.concurrent.RejectedExecutionException e) {
                throw closing();
            }
            boolean wasInterrupted = false;
            try {
                while (true) {
                    try {
                        T result = future.get();
                        if (wasInterrupted) {
                            if (result instanceof WhisperState unused) {
                                unused.close();
                            }
                            throw new EngineException(
                                    Category.CANCELLED, "The request was interrupted.");
                        }
                        return result;
                    } catch (InterruptedException e) {
                        // The native code still uses this request's memory: have it stop first.
                        interrupted = true;
                        wasInterrupted = true;
                    }
                }
            } catch (ExecutionException e) {
                throw unwrapped(e);
            } finally {
                if (wasInterrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private RuntimeException unwrapped(ExecutionException failure) {
            Throwable cause = failure.getCause();
            if (cause instanceof EngineException e) {
                return e.category() == Category.CANCELLED && closed ? closing() : e;
            }
            return new EngineException(
                    Category.INTERNAL, "The GGML engine failed: " + cause, failure);
        }
    }

    @Override
    public List<String> languages() {
        return multilingual() ? languages : List.of("en");
    }

    @Override
    public boolean multilingual() {
        return file.layout().multilingual();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Weights, and the key and value caches of the requests that run; whisper.cpp does not tell
     * the size of its scratch space.
     */
    @Override
    public long nativeBytes() {
        GgmlLayout layout = file.layout();
        // 16-bit keys and values; lengths are rounded up to 256, hypotheses have a cache each.
        long self = 2L * 2 * layout.width() * layout.textLayers() * 512 * 7;
        long cross = 2L * 2 * layout.width() * layout.textLayers() * 1536;
        long window = 4L * SampleWindow.CAPACITY;
        synchronized (lock) {
            return closed ? 0 : file.tensorBytes() + states * (self + cross + window);
        }
    }

    @Override
    public EngineFacts facts() {
        return new EngineFacts(
                Placement.Cpu.threads(threads),
                file.layout().type().computeType(),
                "whisper.cpp",
                nativeBytes());
    }

    /** Stops running requests, waits for them, and frees the native memory. */
    @Override
    public void close() {
        boolean wasInterrupted = false;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            while (admitted > 0) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    wasInterrupted = true;
                }
            }
        }
        workers.close();
        library.freeContext(context);
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
