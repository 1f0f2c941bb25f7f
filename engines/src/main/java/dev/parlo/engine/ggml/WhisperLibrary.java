package dev.parlo.engine.ggml;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import io.github.givimad.whisperjni.WhisperJNI;
import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The C functions of whisper.cpp 1.7.1 that the engine calls, from the library that whisper-jni
 * unpacks and loads.
 *
 * <p>whisper-jni's own Java methods are not used for the work itself: they give neither tokens nor
 * probabilities nor the detected language, mangle characters outside the basic plane, cannot be
 * interrupted, and keep their handles in an unguarded table that concurrent requests would corrupt.
 *
 * <p>Thread-safe. The library is loaded once and stays for the life of the process.
 */
final class WhisperLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(WhisperLibrary.class);
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    /** {@code WHISPER_SAMPLING_BEAM_SEARCH}. */
    private static final int BEAM_SEARCH = 1;

    /** {@code whisper_context_params}, 48 bytes of which only the first two flags matter here. */
    private static final MemoryLayout CONTEXT_PARAMETERS =
            MemoryLayout.structLayout(
                    MemoryLayout.sequenceLayout(6, ValueLayout.JAVA_LONG).withName("bytes"));

    private final Linker linker = Linker.nativeLinker();
    private final SymbolLookup symbols;

    private final MethodHandle contextDefaults;
    private final MethodHandle loadContext;
    private final MethodHandle freeContext;
    private final MethodHandle newState;
    private final MethodHandle freeState;
    private final MethodHandle fullDefaults;
    private final MethodHandle freeFullParameters;
    private final MethodHandle full;
    private final MethodHandle mel;
    private final MethodHandle encode;
    private final MethodHandle decode;
    private final MethodHandle logits;
    private final MethodHandle tokenize;
    private final MethodHandle languageCode;
    private final MethodHandle tokenText;
    private final MethodHandle segments;
    private final MethodHandle segmentStart;
    private final MethodHandle segmentEnd;
    private final MethodHandle segmentText;
    private final MethodHandle segmentTokens;
    private final MethodHandle segmentToken;
    private final MethodHandle segmentTokenProbability;

    private WhisperLibrary() {
        try {
            WhisperJNI.loadLibrary(LOG::debug);
        } catch (IOException | UnsatisfiedLinkError e) {
            throw new EngineException(
                    Category.INTERNAL,
                    "The native Whisper library cannot be loaded on this machine ("
                            + e.getMessage()
                            + "). GGML models need Linux on x86-64 or ARM with libgomp installed;"
                            + " other Whisper models run without it.",
                    e);
        }
        // The JNI library is linked against libwhisper, so its handle finds libwhisper's symbols.
        symbols = SymbolLookup.loaderLookup();
        contextDefaults =
                function("whisper_context_default_params_by_ref", FunctionDescriptor.of(POINTER));
        loadContext =
                function(
                        "whisper_init_from_file_with_params_no_state",
                        FunctionDescriptor.of(POINTER, POINTER, CONTEXT_PARAMETERS));
        freeContext = function("whisper_free", FunctionDescriptor.ofVoid(POINTER));
        newState = function("whisper_init_state", FunctionDescriptor.of(POINTER, POINTER));
        freeState = function("whisper_free_state", FunctionDescriptor.ofVoid(POINTER));
        fullDefaults =
                function("whisper_full_default_params_by_ref", FunctionDescriptor.of(POINTER, INT));
        freeFullParameters = function("whisper_free_params", FunctionDescriptor.ofVoid(POINTER));
        full =
                function(
                        "whisper_full_with_state",
                        FunctionDescriptor.of(
                                INT, POINTER, POINTER, FullParameters.LAYOUT, POINTER, INT));
        mel =
                function(
                        "whisper_pcm_to_mel_with_state",
                        FunctionDescriptor.of(INT, POINTER, POINTER, POINTER, INT, INT));
        encode =
                function(
                        "whisper_encode_with_state",
                        FunctionDescriptor.of(INT, POINTER, POINTER, INT, INT));
        decode =
                function(
                        "whisper_decode_with_state",
                        FunctionDescriptor.of(INT, POINTER, POINTER, POINTER, INT, INT, INT));
        logits = function("whisper_get_logits_from_state", FunctionDescriptor.of(POINTER, POINTER));
        tokenize =
                function(
                        "whisper_tokenize",
                        FunctionDescriptor.of(INT, POINTER, POINTER, POINTER, INT));
        languageCode = function("whisper_lang_str", FunctionDescriptor.of(POINTER, INT));
        tokenText = function("whisper_token_to_str", FunctionDescriptor.of(POINTER, POINTER, INT));
        segments =
                function("whisper_full_n_segments_from_state", FunctionDescriptor.of(INT, POINTER));
        segmentStart =
                function(
                        "whisper_full_get_segment_t0_from_state",
                        FunctionDescriptor.of(LONG, POINTER, INT));
        segmentEnd =
                function(
                        "whisper_full_get_segment_t1_from_state",
                        FunctionDescriptor.of(LONG, POINTER, INT));
        segmentText =
                function(
                        "whisper_full_get_segment_text_from_state",
                        FunctionDescriptor.of(POINTER, POINTER, INT));
        segmentTokens =
                function(
                        "whisper_full_n_tokens_from_state",
                        FunctionDescriptor.of(INT, POINTER, INT));
        segmentToken =
                function(
                        "whisper_full_get_token_id_from_state",
                        FunctionDescriptor.of(INT, POINTER, INT, INT));
        segmentTokenProbability =
                function(
                        "whisper_full_get_token_p_from_state",
                        FunctionDescriptor.of(FLOAT, POINTER, INT, INT));
        silence();
        StructSize.check(symbols, "whisper_context_default_params", CONTEXT_PARAMETERS);
        StructSize.check(
                symbols, "whisper_full_default_params", FullParameters.LAYOUT, BEAM_SEARCH);
        FullParameters.checkLayout(this);
    }

    /**
     * Loads the library at the first call.
     *
     * @throws EngineException of category INTERNAL, at every call, where it cannot be loaded
     */
    static WhisperLibrary load() {
        return switch (Holder.OUTCOME) {
            case Loaded(WhisperLibrary library) -> library;
            case Failed(EngineException why) ->
                    throw new EngineException(
                            why.category(), String.valueOf(why.getMessage()), why);
        };
    }

    private sealed interface Outcome {}

    private record Loaded(WhisperLibrary library) implements Outcome {}

    private record Failed(EngineException why) implements Outcome {}

    private static final class Holder {
        static final Outcome OUTCOME = attempt();

        private static Outcome attempt() {
            try {
                return new Loaded(new WhisperLibrary());
            } catch (EngineException e) {
                return new Failed(e);
            }
        }
    }

    private MethodHandle function(String name, FunctionDescriptor descriptor) {
        return linker.downcallHandle(
                symbols.find(name)
                        .orElseThrow(() ->
                                new EngineException(
                                        Category.INTERNAL,
                                        "The native Whisper library lacks " + name)),
                descriptor);
    }

    /** Sends what the library would print on standard error to the log. */
    private void silence() {
        try {
            MethodHandle log =
                    MethodHandles.lookup()
                            .findStatic(
                                    WhisperLibrary.class,
                                    "log",
                                    MethodType.methodType(
                                            void.class,
                                            int.class,
                                            MemorySegment.class,
                                            MemorySegment.class));
            // Lives as long as the library, which may log until the process ends.
            MemorySegment stub =
                    linker.upcallStub(
                            log, FunctionDescriptor.ofVoid(INT, POINTER, POINTER), Arena.global());
            NativeCalls.perform(() -> {
                function("whisper_log_set", FunctionDescriptor.ofVoid(POINTER, POINTER))
                        .invokeExact(stub, MemorySegment.NULL);
            });
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unused") // called from native code
    private static void log(int level, MemorySegment text, MemorySegment data) {
        if (LOG.isDebugEnabled()) {
            LOG.debug("{}", NativeCalls.utf8(text).strip());
        }
    }

    /** The model's handle, or a null pointer. */
    MemorySegment loadContext(String path) {
        return NativeCalls.call(() -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment defaults = (MemorySegment) contextDefaults.invokeExact();
                MemorySegment parameters = arena.allocate(CONTEXT_PARAMETERS);
                parameters.copyFrom(defaults.reinterpret(CONTEXT_PARAMETERS.byteSize()));
                parameters.set(ValueLayout.JAVA_BYTE, 0, (byte) 0); // use_gpu
                return (MemorySegment)
                        loadContext.invokeExact(arena.allocateFrom(path), parameters);
            }
        });
    }

    void freeContext(MemorySegment context) {
        NativeCalls.perform(() -> {
            freeContext.invokeExact(context);
        });
    }

    MemorySegment newState(MemorySegment context) {
        return NativeCalls.call(() -> (MemorySegment) newState.invokeExact(context));
    }

    void freeState(MemorySegment state) {
        NativeCalls.perform(() -> {
            freeState.invokeExact(state);
        });
    }

    /** A copy of the library's defaults, 0 for greedy and 1 for beam search. */
    MemorySegment fullDefaults(int strategy, Arena arena) {
        return NativeCalls.call(() -> {
            MemorySegment defaults = (MemorySegment) fullDefaults.invokeExact(strategy);
            MemorySegment copy = arena.allocate(FullParameters.LAYOUT);
            copy.copyFrom(defaults.reinterpret(FullParameters.LAYOUT.byteSize()));
            freeFullParameters.invokeExact(defaults);
            return copy;
        });
    }

    int full(
            MemorySegment context,
            MemorySegment state,
            MemorySegment parameters,
            MemorySegment samples,
            int count) {
        return NativeCalls.call(
                () -> (int) full.invokeExact(context, state, parameters, samples, count));
    }

    int mel(
            MemorySegment context,
            MemorySegment state,
            MemorySegment samples,
            int count,
            int threads) {
        return NativeCalls.call(
                () -> (int) mel.invokeExact(context, state, samples, count, threads));
    }

    int encode(MemorySegment context, MemorySegment state, int threads) {
        return NativeCalls.call(() -> (int) encode.invokeExact(context, state, 0, threads));
    }

    int decode(
            MemorySegment context,
            MemorySegment state,
            MemorySegment tokens,
            int count,
            int past,
            int threads) {
        return NativeCalls.call(
                () -> (int) decode.invokeExact(context, state, tokens, count, past, threads));
    }

    MemorySegment logits(MemorySegment state, int count) {
        return NativeCalls.call(() ->
                ((MemorySegment) logits.invokeExact(state))
                        .reinterpret((long) count * Float.BYTES));
    }

    int tokenize(MemorySegment context, MemorySegment text, MemorySegment tokens, int capacity) {
        return NativeCalls.call(() -> (int) tokenize.invokeExact(context, text, tokens, capacity));
    }

    /** ISO codes of the first {@code count} languages, in the order of their tokens. */
    List<String> languages(int count) {
        return IntStream.range(0, count)
                .mapToObj(id ->
                        NativeCalls.call(() ->
                                NativeCalls.utf8((MemorySegment) languageCode.invokeExact(id))))
                .toList();
    }

    byte[] tokenBytes(MemorySegment context, int token) {
        return NativeCalls.call(
                () -> NativeCalls.bytes((MemorySegment) tokenText.invokeExact(context, token)));
    }

    int segments(MemorySegment state) {
        return NativeCalls.call(() -> (int) segments.invokeExact(state));
    }

    /** In hundredths of a second. */
    long segmentStart(MemorySegment state, int segment) {
        return NativeCalls.call(() -> (long) segmentStart.invokeExact(state, segment));
    }

    /** In hundredths of a second. */
    long segmentEnd(MemorySegment state, int segment) {
        return NativeCalls.call(() -> (long) segmentEnd.invokeExact(state, segment));
    }

    String segmentText(MemorySegment state, int segment) {
        return NativeCalls.call(
                () -> NativeCalls.utf8((MemorySegment) segmentText.invokeExact(state, segment)));
    }

    int segmentTokens(MemorySegment state, int segment) {
        return NativeCalls.call(() -> (int) segmentTokens.invokeExact(state, segment));
    }

    int segmentToken(MemorySegment state, int segment, int index) {
        return NativeCalls.call(() -> (int) segmentToken.invokeExact(state, segment, index));
    }

    float segmentTokenProbability(MemorySegment state, int segment, int index) {
        return NativeCalls.call(
                () -> (float) segmentTokenProbability.invokeExact(state, segment, index));
    }
}
