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
import dev.parlo.engine.admission.Urgency;
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
 * {@link Admission} has turns, each in memory of its own; while a clip is computed beside them, the
 * windows of files rest.
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
    private final Pauses pauses;
    private final TranscriptionWorkers workers;
    private final AtomicInteger states = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Makes what a window does between two runs, as {@link WhisperState} says. */
    @FunctionalInterface
    interface Pauses {
        Runnable of(Turn turn, Cancellation cancellation);
    }

    /**
     * Loads a model.
     *
     * @param model a {@code ggml-*.bin} file
     * @throws EngineException of category BAD_MODEL where the file is damaged or of an unknown
     *     layout
     */
    public static GgmlWhisperEngine open(Path model, GgmlEngineSettings settings) {
        Urgency urgency = settings.admission().urgency();
        return open(
                model,
                settings,
                // Of an urgent window nothing: others give way to it.
                (turn, cancellation) ->
                        turn.isUrgent()
                                ? () -> {}
                                : new WindowPause(urgency, cancellation, System::nanoTime)
                                        ::giveWay);
    }

    static GgmlWhisperEngine open(Path model, GgmlEngineSettings settings, Pauses pauses) {
        GgmlFile file = GgmlFile.read(model);
        WhisperLibrary library = WhisperLibrary.load();
        MemorySegment context = library.loadContext(model.toAbsolutePath().toString());
        if (context.equals(MemorySegment.NULL)) {
            throw new EngineException(
                    Category.BAD_MODEL,
                    "whisper.cpp cannot load " + model.getFileName() + "; is there enough memory?");
        }
        try {
            return new GgmlWhisperEngine(library, file, context, settings, pauses);
        } catch (Throwable failure) { // errors, too: the context lies outside of the heap
            library.freeContext(context);
            throw failure;
        }
    }

    private GgmlWhisperEngine(
            WhisperLibrary library,
            GgmlFile file,
            MemorySegment context,
            GgmlEngineSettings settings,
            Pauses pauses) {
        this.library = library;
        this.file = file;
        this.context = context;
        this.pauses = pauses;
        audioContext = settings.audioContext();
        threads = settings.threads();
        admission = settings.admission();
        languages = library.languages(file.layout().languages());
        // Half of what is left: other models shall not have to leave for a crowd at this one.
        long left = Math.max(0, settings.memoryBytes() - file.tensorBytes()) / 2;
        long windows = left / WhisperState.bytes(file.layout());
        admission.limit((int) Math.clamp(windows, 1, Integer.MAX_VALUE));
        admission.clipsBesideFiles(windows > admission.parallel());
        workers =
                new TranscriptionWorkers(
                        Thread.ofPlatform()
                                .name("ggml-whisper-", 0)
                                .stackSize(STACK_BYTES)
                                .daemon()
                                .factory(),
                        admission.places(),
                        settings.temporaryDirectory(),
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
                            pauses.of(turn, cancellation),
                            () -> cancellation.isCancelled() || stop.isCancelled()),
                    states);
        } catch (RuntimeException | Error e) {
            turn.close();
            throw e;
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
     * <p>Weights, and the memory of the windows under way.
     */
    @Override
    public long nativeBytes() {
        return closed.get()
                ? 0
                : file.tensorBytes() + states.get() * WhisperState.bytes(file.layout());
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
