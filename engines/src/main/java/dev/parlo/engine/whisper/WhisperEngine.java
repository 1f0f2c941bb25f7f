package dev.parlo.engine.whisper;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.Placement;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.admission.Urgency;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.vad.SpeechAudio;
import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import dev.parlo.engine.whisper.cpu.CpuNetwork;
import dev.parlo.engine.whisper.cuda.CudaNetwork;
import dev.parlo.engine.whisper.graph.ComputePlan;
import dev.parlo.engine.whisper.network.WatchedArena;
import dev.parlo.engine.whisper.network.WhisperNetwork;
import dev.parlo.engine.whisper.tokenizer.WhisperTokenizer;
import dev.parlo.engine.whisper.window.BatchingRuntime;
import dev.parlo.engine.whisper.window.SequentialRuntime;
import dev.parlo.engine.whisper.window.WindowRuntime;
import dev.parlo.engine.worker.BackgroundAudio;
import dev.parlo.engine.worker.TranscriptionWorkers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A Whisper checkpoint, CTranslate2's, Transformers' or exported to ONNX, transcribing as
 * faster-whisper does. As many platform threads compute as its {@link Admission} has turns.
 * Thread-safe.
 */
public final class WhisperEngine implements SpeechToText {
    /** Windows that share a step; more would wait for each other longer than steps get cheaper. */
    private static final int MOST_SLOTS = 16;

    private final WhisperNetwork network;
    private final ModelTokens tokens;
    private final Admission admission;
    private final WindowRuntime runtime;
    private final WindowThreads windowThreads;
    private final TranscriptionWorkers workers;
    private final int audioContext;
    private final AtomicBoolean closed = new AtomicBoolean();

    private WhisperEngine(
            WhisperNetwork network, ModelTokens tokens, WhisperEngineSettings settings) {
        this.network = network;
        this.tokens = tokens;
        admission = settings.admission();
        audioContext = network.shortWindows() ? settings.audioContext() : 0;
        runtime = runtime(network, settings);
        windowThreads = WindowThreads.forSlots("whisper-window-", runtime.slots());
        workers =
                new TranscriptionWorkers(
                        Thread.ofPlatform().name("whisper-", 0).daemon().factory(),
                        admission.places(),
                        settings.temporaryDirectory(),
                        admission.observer());
    }

    /**
     * With one turn every window has the processor for itself; with several they share every step
     * of the decoder, as they do on a GPU in any case: there one thread owns the decoder.
     */
    private static WindowRuntime runtime(WhisperNetwork network, WhisperEngineSettings settings) {
        int bands = network.shape().melBands();
        Admission admission = settings.admission();
        long memory = network.memoryForWindows(settings.memoryBytes());
        admission.limit((int) Math.clamp(memory / network.slotBytes(), 1, MOST_SLOTS));
        int slots = admission.parallel();
        boolean processor = settings.placement() instanceof Placement.Cpu;
        if (slots == 1 && processor) {
            return new SequentialRuntime(
                    bands,
                    () -> new WatchedArena(network.openArena(1), admission.steps()),
                    admission.observer(),
                    admission.urgency());
        }
        BatchingRuntime runtime =
                new BatchingRuntime(
                        bands,
                        slots,
                        () -> new WatchedArena(network.openArena(slots), admission.steps()),
                        admission.observer(),
                        // What a GPU computes needs no cores.
                        processor ? admission.urgency() : new Urgency());
        if (!processor) {
            start(runtime);
        }
        return runtime;
    }

    /**
     * So that recording steps, and finding that the GPU has too little memory, is part of a load.
     */
    private static void start(BatchingRuntime runtime) {
        try {
            runtime.start();
        } catch (Throwable e) {
            runtime.close();
            throw e;
        }
    }

    /**
     * Converts a checkpoint's weights unless the cache has them already: the long part of a first
     * load, which needs a disk and little memory.
     *
     * @param type number format of the converted weights
     * @param placement where they will be computed with
     * @param cancellation ends it early
     * @throws EngineException of category BAD_REQUEST for a type that the device does not compute
     *     in, BAD_MODEL, NO_SPACE or CANCELLED
     */
    public static void convert(
            Path checkpoint,
            ComputeType type,
            Placement placement,
            CacheFolder cache,
            Cancellation cancellation) {
        WeightCache weights = new WeightCache(cache);
        switch (placement) {
            case Placement.Cpu cpu ->
                    CpuNetwork.convert(
                            checkpoint, ComputePlan.forThisProcessor(type), weights, cancellation);
            case Placement.Cuda cuda ->
                    CudaNetwork.convert(checkpoint, type, weights, cancellation);
        }
    }

    /**
     * Loads a checkpoint directory, converting its weights on first use.
     *
     * @param cancellation ends the conversion early
     * @throws EngineException of category BAD_REQUEST for a device or a number format that cannot
     *     be used, BAD_MODEL, NO_SPACE or CANCELLED
     */
    public static WhisperEngine open(
            Path checkpoint, WhisperEngineSettings settings, Cancellation cancellation) {
        try (Checkpoint opened = Checkpoint.open(checkpoint)) {
            return open(opened, settings, cancellation);
        }
    }

    private static WhisperEngine open(
            Checkpoint checkpoint, WhisperEngineSettings settings, Cancellation cancellation) {
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
                        case Placement.Cuda cuda ->
                                CudaNetwork.load(
                                        checkpoint,
                                        settings.computeType(),
                                        new WeightCache(settings.cache()),
                                        settings.gpus().get(cuda.index()),
                                        cancellation);
                    };
            int[] languages = ints(network.config().languageIds());
            tokenizer.vocabulary().check(network.shape().vocabularySize(), languages);
            int[] atBegin = ints(network.config().suppressIdsBegin());
            ModelTokens tokens =
                    ModelTokens.of(tokenizer, atBegin)
                            .withDefaultLanguage(network.config().defaultLanguage());
            return new WhisperEngine(network, tokens, settings);
        } catch (Throwable e) { // errors, too: sessions and tokenizer lie outside of the heap
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
    public Admission admission() {
        return admission;
    }

    @Override
    public Transcript transcribe(
            AudioSource audio, TranscribeOptions options, SegmentSink sink, Ticket ticket) {
        OptionsCheck.check(options, tokens, network.shortWindows());
        TranscribeOptions all =
                options.audioContext() != null
                        ? options
                        : options.toBuilder().audioContext(audioContext).build();
        return workers.run(
                (found, cancellation) -> transcribe(audio, all, ticket, found, cancellation),
                sink,
                ticket);
    }

    /** On a worker. */
    private Transcript transcribe(
            AudioSource audio,
            TranscribeOptions options,
            Ticket ticket,
            SegmentSink sink,
            Cancellation cancellation) {
        EngineObserver observer = ticket.observer();
        AudioSource read =
                audio instanceof SpeechAudio speech
                        ? speech.reading(source -> inBackground(source, cancellation))
                        : inBackground(audio, cancellation);
        return options.batchSize() == null
                ? new SequentialTranscriber(tokens, runtime, observer)
                        .transcribe(read, options, ticket, sink, cancellation)
                : new BatchedTranscriber(tokens, runtime, windowThreads, observer)
                        .transcribe(read, options, ticket, sink, cancellation);
    }

    private AudioSource inBackground(AudioSource audio, Cancellation cancellation) {
        return new BackgroundAudio(audio, runtime::giveWay, BackgroundAudio.CLIP, cancellation);
    }

    @Override
    public boolean batches() {
        return true;
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
        return switch (network.placement()) {
            case Placement.Cpu cpu -> bytes();
            // It lies on the GPU, which has a budget of its own: none of it is the process's.
            case Placement.Cuda cuda -> 0;
        };
    }

    /** Where it computes. */
    private long bytes() {
        return network.weightBytes() + runtime.bytes();
    }

    @Override
    public EngineFacts facts() {
        return new EngineFacts(
                        network.placement(), network.computeType(), network.runtime(), bytes())
                .withNodes(runtime.nodes());
    }

    /** Cancels what runs and what waits, and frees the memory once the workers have stopped. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            workers.close();
            windowThreads.close();
            runtime.close();
            network.close();
            tokens.tokenizer().close();
        }
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }
}
