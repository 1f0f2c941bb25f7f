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
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.admission.Turn;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.vad.SpeechAudio;
import dev.parlo.engine.worker.TranscriptionWorkers;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whisper from a {@code ggml-*.bin} file, on the CPU, by whisper.cpp 1.7.1.
 *
 * <p>Takes the audio in windows of 30 seconds and moves on to the end of the last segment, as
 * whisper.cpp does; the rules for the temperature ladder and for silence are faster-whisper's. A
 * request can be cancelled between two computations of the decoder. Options without a counterpart
 * are refused with BAD_REQUEST: see {@link GgmlOptions}.
 *
 * <p>Thread-safe. As many requests compute at a time, on platform threads of the engine, as its
 * {@link Admission} has turns.
 */
public final class GgmlWhisperEngine implements SpeechToText {
    /** Candidates of beam search or samples of a window: whisper.cpp's compile-time limit. */
    public static final int MOST_HYPOTHESES = 8;

    /** whisper.cpp's regular expressions recurse for every character of a prompt. */
    private static final long STACK_BYTES = 16L << 20;

    private final WhisperLibrary library;
    private final GgmlFile file;
    private final MemorySegment context;
    private final List<String> languages;
    private final int threads;
    private final int audioContext;
    private final Admission admission;
    private final TranscriptionWorkers workers;
    private final AtomicInteger states = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Loads a model.
     *
     * @param model a {@code ggml-*.bin} file
     * @param threads that one request computes with, at least 1
     * @param admission the queue before the engine
     * @param temporaryDirectory for segments that wait for a slow reader
     * @throws EngineException of category BAD_MODEL where the file is damaged or of an unknown
     *     layout
     */
    public static GgmlWhisperEngine open(
            Path model, int threads, Admission admission, Path temporaryDirectory) {
        return open(model, threads, admission, temporaryDirectory, 0);
    }

    /**
     * Loads a model, as {@link #open(Path, int, Admission, Path)}.
     *
     * @param audioContext of requests that ask for none, see {@link TranscribeOptions}
     */
    public static GgmlWhisperEngine open(
            Path model,
            int threads,
            Admission admission,
            Path temporaryDirectory,
            int audioContext) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + "; at least 1 is needed");
        }
        GgmlFile file = GgmlFile.read(model);
        WhisperLibrary library = WhisperLibrary.load();
        MemorySegment context = library.loadContext(model.toAbsolutePath().toString());
        if (context.equals(MemorySegment.NULL)) {
            throw new EngineException(
                    Category.BAD_MODEL,
                    "whisper.cpp cannot load " + model.getFileName() + "; is there enough memory?");
        }
        try {
            return new GgmlWhisperEngine(
                    library, file, context, threads, admission, temporaryDirectory, audioContext);
        } catch (Throwable failure) { // errors, too: the context lies outside of the heap
            library.freeContext(context);
            throw failure;
        }
    }

    private GgmlWhisperEngine(
            WhisperLibrary library,
            GgmlFile file,
            MemorySegment context,
            int threads,
            Admission admission,
            Path temporaryDirectory,
            int audioContext) {
        this.audioContext = audioContext;
        this.library = library;
        this.file = file;
        this.context = context;
        this.threads = threads;
        this.admission = admission;
        languages = library.languages(file.layout().languages());
        workers =
                new TranscriptionWorkers(
                        Thread.ofPlatform()
                                .name("ggml-whisper-", 0)
                                .stackSize(STACK_BYTES)
                                .daemon()
                                .factory(),
                        admission.places(),
                        temporaryDirectory,
                        admission.observer());
    }

    @Override
    public Admission admission() {
        return admission;
    }

    @Override
    public Transcript transcribe(
            AudioSource audio, TranscribeOptions options, SegmentSink sink, Ticket ticket) {
        GgmlOptions.check(options, file.layout(), languages());
        TranscribeOptions all =
                options.audioContext() != null
                        ? options
                        : options.toBuilder().audioContext(audioContext).build();
        return workers.run(
                (found, cancellation) ->
                        new GgmlTranscription(
                                        () -> turn(ticket, cancellation),
                                        languages,
                                        file.layout().multilingual(),
                                        all,
                                        found,
                                        ticket,
                                        cancellation)
                                .run(
                                        SpeechAudio.inBackground(
                                                audio, admission.urgency(), cancellation)),
                sink,
                ticket);
    }

    private StateTurn turn(Ticket ticket, Cancellation cancellation) {
        Turn turn = admission.urgency().during(ticket.await(cancellation));
        Cancellation stop = new Cancellation();
        try {
            return new StateTurn(
                    turn,
                    new WhisperState(
                            library,
                            context,
                            file.layout(),
                            threads,
                            admission.steps().lane("whisper.cpp", stop::cancel),
                            afterOperator(turn, cancellation),
                            () -> cancellation.isCancelled() || stop.isCancelled()),
                    states);
        } catch (RuntimeException | Error e) {
            turn.close();
            throw e;
        }
    }

    /** Of an urgent window nothing: others give way to it. */
    private Runnable afterOperator(Turn turn, Cancellation cancellation) {
        return turn.isUrgent()
                ? () -> {}
                : new WindowPause(admission.urgency(), cancellation, System::nanoTime)::giveWay;
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
     * <p>Weights, and the key and value caches of the windows under way; whisper.cpp does not tell
     * the size of its scratch space.
     */
    @Override
    public long nativeBytes() {
        GgmlLayout layout = file.layout();
        // 16-bit keys and values; lengths are rounded up to 256, hypotheses have a cache each.
        long self = 2L * 2 * layout.width() * layout.textLayers() * 512 * 7;
        long cross = 2L * 2 * layout.width() * layout.textLayers() * 1536;
        long window = 4L * SampleWindow.CAPACITY;
        return closed.get() ? 0 : file.tensorBytes() + states.get() * (self + cross + window);
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
        if (closed.compareAndSet(false, true)) {
            workers.close();
            library.freeContext(context);
        }
    }
}
