package dev.parlo.engine.ggml;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.steps.StepLane;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.zip.Deflater;

/**
 * The memory of one window inside whisper.cpp: caches, scratch space and the samples. Each window
 * has its own, so that windows run side by side and sampling starts from the same random state each
 * time. Not thread-safe; closing frees the native memory.
 */
final class WhisperState implements AutoCloseable {
    /** whisper.cpp decodes nothing shorter than a second; less is padded with silence. */
    private static final int MIN_SAMPLES = AudioSource.SAMPLE_RATE + AudioSource.SAMPLE_RATE / 10;

    /** The last tokens of a prompt that the decoder has room for. */
    private static final int MAX_PROMPT_TOKENS = 224;

    /** More text than that cannot come from the tokens that are kept. */
    private static final int MAX_PROMPT_CHARACTERS = 8192;

    /** Of the 8 that are possible; whisper.cpp keeps caches for two more than there are. */
    private static final int USUAL_HYPOTHESES = 5;

    private final WhisperLibrary library;
    private final MemorySegment context;
    private final GgmlLayout layout;
    private final int threads;
    private final StepLane lane;
    private final Runnable betweenRuns;
    private final BooleanSupplier cancelled;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment samples;
    private final MemorySegment startOfTranscript;
    private final MemorySegment abort;
    private final MemorySegment encoderBegin;
    private final MemorySegment state;
    private int length;
    private boolean encoded;
    private boolean closed;

    /**
     * @param lane of its computations; closed with this
     * @param betweenRuns run on the thread that computes, and may block it, before a run of the
     *     encoder, after it, and after each step of the decoder. Not within: whisper.cpp 1.7.1 asks
     *     whether to go on at the end of a run, and keeps to itself the object of ggml's that would
     *     ask after each operator.
     * @param cancelled read between runs; true makes the computation fail
     */
    WhisperState(
            WhisperLibrary library,
            MemorySegment context,
            GgmlLayout layout,
            int threads,
            StepLane lane,
            Runnable betweenRuns,
            BooleanSupplier cancelled) {
        this.betweenRuns = betweenRuns;
        this.lane = lane;
        this.library = library;
        this.context = context;
        this.layout = layout;
        this.threads = threads;
        this.cancelled = cancelled;
        try {
            samples = arena.allocate(ValueLayout.JAVA_FLOAT, SampleWindow.CAPACITY);
            startOfTranscript =
                    arena.allocateFrom(ValueLayout.JAVA_INT, layout.multilingual() ? 50258 : 50257);
            abort =
                    stub(
                            "abort",
                            MethodType.methodType(boolean.class, MemorySegment.class),
                            FunctionDescriptor.of(ValueLayout.JAVA_BOOLEAN, ValueLayout.ADDRESS));
            encoderBegin =
                    stub(
                            "encoderBegin",
                            MethodType.methodType(
                                    boolean.class,
                                    MemorySegment.class,
                                    MemorySegment.class,
                                    MemorySegment.class),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_BOOLEAN,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS));
            state = library.newState(context);
            if (state.equals(MemorySegment.NULL)) {
                throw new EngineException(
                        Category.NO_SPACE,
                        "There is no memory for another request with this GGML model.");
            }
        } catch (Throwable failure) { // errors, too: such as no memory for the samples
            lane.close();
            arena.close();
            throw failure;
        }
    }

    /**
     * Memory that a window takes, at most with the usual beams: caches of 16-bit keys and values,
     * whose lengths are rounded up to 256, the samples, and what the encoder's operators give,
     * which is not told by whisper.cpp: about the scores of one layer, fourteen values of its width
     * for each position, and 16 MiB whatever the model (measured, for widths of 384 to 1280).
     */
    static long bytes(GgmlLayout layout) {
        long values = 2L * 2 * layout.width() * layout.textLayers();
        long self = values * 512 * (USUAL_HYPOTHESES + 2);
        long cross = values * 1536;
        long scores = 4L * layout.audioHeads() * layout.audioContext() * layout.audioContext();
        long activations = 4L * 14 * layout.width() * layout.audioContext();
        return self + cross + 4L * SampleWindow.CAPACITY + scores + activations + (16L << 20);
    }

    private MemorySegment stub(String method, MethodType type, FunctionDescriptor descriptor) {
        try {
            MethodHandle handle =
                    MethodHandles.lookup().findVirtual(WhisperState.class, method, type);
            return Linker.nativeLinker().upcallStub(handle.bindTo(this), descriptor, arena);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unused") // called from native code
    private boolean abort(MemorySegment data) {
        return !goOn();
    }

    /** Lets one window through: what follows in the same samples is cut anew by the caller. */
    @SuppressWarnings("unused") // called from native code
    private boolean encoderBegin(MemorySegment c, MemorySegment s, MemorySegment data) {
        boolean first = !encoded;
        encoded = true;
        return first && goOn();
    }

    private boolean goOn() {
        lane.beat();
        if (!cancelled.getAsBoolean()) {
            lane.rest(betweenRuns);
        }
        return !cancelled.getAsBoolean();
    }

    /** Takes the samples that the next calls work on; silence follows them. */
    void window(float[] from, int count) {
        MemorySegment.copy(from, 0, samples, ValueLayout.JAVA_FLOAT, 0, count);
        length = Math.max(count, MIN_SAMPLES);
        samples.asSlice(4L * count, 4L * (length - count)).fill((byte) 0);
    }

    /**
     * Tokens of a text as whisper.cpp cuts it: the longest vocabulary entry first. Needs a thread
     * with a deep stack, because the library's regular expressions recurse per character.
     */
    int[] tokens(String text) {
        String end =
                text.substring(Math.max(0, text.length() - MAX_PROMPT_CHARACTERS))
                        .replace('\0', ' ');
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment utf8 = scratch.allocateFrom(end);
            int capacity = (int) utf8.byteSize();
            MemorySegment tokens = scratch.allocate(ValueLayout.JAVA_INT, capacity);
            int count = library.tokenize(context, utf8, tokens, capacity);
            if (count < 0) {
                throw failed("tokenize the prompt", count);
            }
            return tokens.asSlice(0, 4L * count).toArray(ValueLayout.JAVA_INT);
        }
    }

    /** Probabilities of the languages, in the order of their tokens; they sum to 1. */
    double[] languages() {
        int first = layout.multilingual() ? 50259 : 50258;
        call(
                "compute the spectrogram",
                () -> library.mel(context, state, samples, length, threads));
        call("encode the audio", () -> library.encode(context, state, threads));
        float[] logits = startLogits();
        double[] probabilities = new double[layout.languages()];
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < probabilities.length; i++) {
            max = Math.max(max, logits[first + i]);
        }
        double sum = 0;
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] = Math.exp(logits[first + i] - max);
            sum += probabilities[i];
        }
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] /= sum;
        }
        return probabilities;
    }

    /** Probability of {@code <|nospeech|>} first, for the audio that was encoded last. */
    double noSpeechProbability() {
        float[] logits = startLogits();
        double max = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - max);
        }
        // Two before the first timestamp, whatever the number of languages.
        int noSpeech = layout.vocabulary() - 1501 - 2;
        return Math.exp(logits[noSpeech] - max) / sum;
    }

    private float[] startLogits() {
        call("decode", () -> library.decode(context, state, startOfTranscript, 1, 0, threads));
        return library.logits(state, layout.vocabulary()).toArray(ValueLayout.JAVA_FLOAT);
    }

    /**
     * Decodes the window once at one temperature.
     *
     * @param language ISO code
     * @param prompt tokens before the window, the last 224 count
     */
    WindowResult decode(
            TranscribeOptions options, String language, double temperature, int[] prompt) {
        encoded = false;
        try (Arena scratch = Arena.ofConfined()) {
            FullParameters parameters =
                    temperature == 0 && options.beamSize() > 1
                            ? FullParameters.beamSearch(library, scratch, options.beamSize())
                            : FullParameters.greedy(
                                    library, scratch, temperature > 0 ? options.bestOf() : 1);
            int promptLength = Math.min(prompt.length, MAX_PROMPT_TOKENS);
            MemorySegment promptTokens =
                    scratch.allocate(ValueLayout.JAVA_INT, Math.max(1, promptLength));
            MemorySegment.copy(
                    prompt,
                    prompt.length - promptLength,
                    promptTokens,
                    ValueLayout.JAVA_INT,
                    0,
                    promptLength);
            parameters
                    .integer("n_threads", threads)
                    .integer("audio_ctx", audioContext(options))
                    .flag("translate", options.task() == TranscribeOptions.Task.TRANSLATE)
                    .flag("no_context", true)
                    .flag("no_timestamps", options.withoutTimestamps())
                    .flag("print_progress", false)
                    .flag("print_timestamps", false)
                    .pointer("prompt_tokens", promptTokens)
                    .integer("prompt_n_tokens", promptLength)
                    .pointer("language", scratch.allocateFrom(language))
                    .flag("suppress_blank", options.suppressBlank())
                    .flag("suppress_non_speech_tokens", !options.suppressTokens().isEmpty())
                    .number("temperature", temperature)
                    // The caller goes down the ladder, by faster-whisper's rules.
                    .number("temperature_inc", 0)
                    .number("entropy_thold", -1)
                    // The library takes 0 for "no limit".
                    .number("max_initial_ts", Math.max(1e-3, options.maxInitialTimestamp()))
                    // 1 is the mean in faster-whisper; here that is any number below 0.
                    .number(
                            "length_penalty",
                            options.lengthPenalty() == 1 ? -1 : options.lengthPenalty())
                    .pointer("encoder_begin_callback", encoderBegin)
                    .pointer("abort_callback", abort);
            call(
                    "transcribe",
                    () -> library.full(context, state, parameters.segment(), samples, length));
        }
        return result(temperature);
    }

    /** 0 is the library's word for a whole window. */
    private int audioContext(TranscribeOptions options) {
        int seconds = options.windowSeconds(length / (double) AudioSource.SAMPLE_RATE);
        int positions = seconds * TranscribeOptions.AUDIO_POSITIONS_PER_SECOND;
        return positions == layout.audioContext() ? 0 : positions;
    }

    private WindowResult result(double temperature) {
        List<WindowResult.WindowSegment> pieces = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        double sum = 0;
        int count = 0;
        for (int i = 0; i < library.segments(state); i++) {
            int[] tokens = new int[library.segmentTokens(state, i)];
            double[] logProbabilities = new double[tokens.length];
            for (int j = 0; j < tokens.length; j++) {
                tokens[j] = library.segmentToken(state, i, j);
                // A probability below the range of floats comes as 0, and JSON knows no infinity.
                float probability = library.segmentTokenProbability(state, i, j);
                logProbabilities[j] = Math.log(Math.max(probability, Float.MIN_VALUE));
                sum += logProbabilities[j];
                count++;
            }
            String piece = library.segmentText(state, i);
            text.append(piece);
            pieces.add(
                    new WindowResult.WindowSegment(
                            library.segmentStart(state, i),
                            library.segmentEnd(state, i),
                            piece,
                            tokens,
                            logProbabilities));
        }
        return new WindowResult(
                List.copyOf(pieces),
                count == 0 ? 0 : sum / count,
                compressionRatio(text.toString()),
                temperature);
    }

    byte[] tokenBytes(int token) {
        return library.tokenBytes(context, token);
    }

    private static double compressionRatio(String text) {
        byte[] bytes = text.strip().getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0) {
            return 0;
        }
        try (Deflater deflater = new Deflater()) {
            deflater.setInput(bytes);
            deflater.finish();
            byte[] out = new byte[bytes.length + 64];
            int size = 0;
            while (!deflater.finished()) {
                size += deflater.deflate(out);
            }
            return (double) bytes.length / size;
        }
    }

    private void call(String what, IntSupplier computation) {
        int result =
                lane.run(() -> {
                    int answer = computation.getAsInt();
                    if (cancelled.getAsBoolean()) {
                        throw cancelled();
                    }
                    return answer;
                });
        if (result != 0) {
            throw failed(what, result);
        }
    }

    private static EngineException cancelled() {
        return new EngineException(Category.CANCELLED, "The request was cancelled.");
    }

    private static EngineException failed(String what, int result) {
        return new EngineException(
                Category.INTERNAL,
                "whisper.cpp could not " + what + " (it answered " + result + ").");
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            lane.close();
            library.freeState(state);
            arena.close();
        }
    }
}
