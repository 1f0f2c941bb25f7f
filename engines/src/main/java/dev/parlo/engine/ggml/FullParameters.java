package dev.parlo.engine.ggml;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * {@code whisper_full_params} of whisper.cpp 1.7.1 in native memory, starting at the library's
 * defaults. Lives as long as the arena that it was made in. Not thread-safe.
 */
final class FullParameters {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
    private static final ValueLayout.OfByte BOOL = ValueLayout.JAVA_BYTE;

    static final StructLayout LAYOUT =
            MemoryLayout.structLayout(
                    INT.withName("strategy"),
                    INT.withName("n_threads"),
                    INT.withName("n_max_text_ctx"),
                    INT.withName("offset_ms"),
                    INT.withName("duration_ms"),
                    BOOL.withName("translate"),
                    BOOL.withName("no_context"),
                    BOOL.withName("no_timestamps"),
                    BOOL.withName("single_segment"),
                    BOOL.withName("print_special"),
                    BOOL.withName("print_progress"),
                    BOOL.withName("print_realtime"),
                    BOOL.withName("print_timestamps"),
                    BOOL.withName("token_timestamps"),
                    MemoryLayout.paddingLayout(3),
                    FLOAT.withName("thold_pt"),
                    FLOAT.withName("thold_ptsum"),
                    INT.withName("max_len"),
                    BOOL.withName("split_on_word"),
                    MemoryLayout.paddingLayout(3),
                    INT.withName("max_tokens"),
                    BOOL.withName("debug_mode"),
                    MemoryLayout.paddingLayout(3),
                    INT.withName("audio_ctx"),
                    BOOL.withName("tdrz_enable"),
                    MemoryLayout.paddingLayout(3),
                    ValueLayout.ADDRESS.withName("suppress_regex"),
                    ValueLayout.ADDRESS.withName("initial_prompt"),
                    ValueLayout.ADDRESS.withName("prompt_tokens"),
                    INT.withName("prompt_n_tokens"),
                    MemoryLayout.paddingLayout(4),
                    ValueLayout.ADDRESS.withName("language"),
                    BOOL.withName("detect_language"),
                    BOOL.withName("suppress_blank"),
                    BOOL.withName("suppress_non_speech_tokens"),
                    MemoryLayout.paddingLayout(1),
                    FLOAT.withName("temperature"),
                    FLOAT.withName("max_initial_ts"),
                    FLOAT.withName("length_penalty"),
                    FLOAT.withName("temperature_inc"),
                    FLOAT.withName("entropy_thold"),
                    FLOAT.withName("logprob_thold"),
                    FLOAT.withName("no_speech_thold"),
                    INT.withName("greedy.best_of"),
                    INT.withName("beam_search.beam_size"),
                    FLOAT.withName("beam_search.patience"),
                    MemoryLayout.paddingLayout(4),
                    ValueLayout.ADDRESS.withName("new_segment_callback"),
                    ValueLayout.ADDRESS.withName("new_segment_callback_user_data"),
                    ValueLayout.ADDRESS.withName("progress_callback"),
                    ValueLayout.ADDRESS.withName("progress_callback_user_data"),
                    ValueLayout.ADDRESS.withName("encoder_begin_callback"),
                    ValueLayout.ADDRESS.withName("encoder_begin_callback_user_data"),
                    ValueLayout.ADDRESS.withName("abort_callback"),
                    ValueLayout.ADDRESS.withName("abort_callback_user_data"),
                    ValueLayout.ADDRESS.withName("logits_filter_callback"),
                    ValueLayout.ADDRESS.withName("logits_filter_callback_user_data"),
                    ValueLayout.ADDRESS.withName("grammar_rules"),
                    ValueLayout.JAVA_LONG.withName("n_grammar_rules"),
                    ValueLayout.JAVA_LONG.withName("i_start_rule"),
                    FLOAT.withName("grammar_penalty"),
                    MemoryLayout.paddingLayout(4));

    private final MemorySegment segment;

    /** At most one hypothesis (or {@code bestOf} samples). */
    static FullParameters greedy(WhisperLibrary library, Arena arena, int bestOf) {
        FullParameters parameters = new FullParameters(library.fullDefaults(0, arena));
        parameters.integer("greedy.best_of", bestOf);
        return parameters;
    }

    static FullParameters beamSearch(WhisperLibrary library, Arena arena, int beamSize) {
        FullParameters parameters = new FullParameters(library.fullDefaults(1, arena));
        parameters.integer("beam_search.beam_size", beamSize);
        return parameters;
    }

    private FullParameters(MemorySegment segment) {
        this.segment = segment;
    }

    /**
     * Compares values that the library is known to start with, from the front to the end of the
     * structure, so that a library of another layout is refused before it is misread.
     */
    static void checkLayout(WhisperLibrary library) {
        try (Arena arena = Arena.ofConfined()) {
            FullParameters beam = new FullParameters(library.fullDefaults(1, arena));
            boolean same =
                    beam.integerAt("strategy") == 1
                            && beam.integerAt("n_max_text_ctx") == 16384
                            && beam.floatAt("thold_ptsum") == 0.01f
                            && beam.floatAt("max_initial_ts") == 1.0f
                            && beam.floatAt("temperature_inc") == 0.2f
                            && beam.floatAt("entropy_thold") == 2.4f
                            && beam.floatAt("no_speech_thold") == 0.6f
                            && beam.integerAt("beam_search.beam_size") == 5
                            && beam.floatAt("grammar_penalty") == 100f;
            if (!same) {
                throw new EngineException(
                        Category.INTERNAL,
                        "The native Whisper library is not the expected version 1.7.1.");
            }
        }
    }

    MemorySegment segment() {
        return segment;
    }

    FullParameters integer(String name, int value) {
        segment.set(INT, offset(name), value);
        return this;
    }

    FullParameters number(String name, double value) {
        segment.set(FLOAT, offset(name), (float) value);
        return this;
    }

    FullParameters flag(String name, boolean value) {
        segment.set(BOOL, offset(name), (byte) (value ? 1 : 0));
        return this;
    }

    FullParameters pointer(String name, MemorySegment value) {
        segment.set(ValueLayout.ADDRESS, offset(name), value);
        return this;
    }

    private int integerAt(String name) {
        return segment.get(INT, offset(name));
    }

    private float floatAt(String name) {
        return segment.get(FLOAT, offset(name));
    }

    private static long offset(String name) {
        return LAYOUT.byteOffset(PathElement.groupElement(name));
    }
}
