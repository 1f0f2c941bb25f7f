package dev.parlo.engine.espeak;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.parlo.engine.EngineException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The C interface of libespeak-ng. The library keeps its state in globals and is not thread-safe:
 * every method must be called on the thread that opened it ({@link EspeakNg} owns that thread).
 */
final class EspeakLibrary implements AutoCloseable {
    private static final int AUDIO_OUTPUT_SYNCHRONOUS = 2;
    private static final int INITIALIZE_DONT_EXIT = 0x8000;
    private static final int BUFFER_MILLISECONDS = 200;
    private static final int CHARS_UTF8 = 1;
    private static final int END_PAUSE = 0x1000;
    private static final int PHONEME_INPUT = 0x100;
    private static final int PARAMETER_RATE = 1;
    private static final int NORMAL_RATE = 175;
    private static final int PHONEMES_IPA = 0x02;
    private static final int PHONEMES_TIE = 0x80 | ('^' << 8);

    /** Byte layout of {@code espeak_VOICE} on 64-bit platforms. */
    private static final int VOICE_BYTES = 40;

    private final Arena arena = Arena.ofShared();
    private final EspeakFunctions functions;
    private final EspeakSynthesis synthesis = new EspeakSynthesis();
    private final int sampleRate;
    private String voice = "";

    /**
     * Whether {@code [[…]]} is read as phonemes. A synthesis sets it, and it holds for whatever is
     * read afterwards, also by {@link #phonemes}.
     */
    private boolean brackets;

    /** A clause in IPA with the library's code of what ended it, or -1 where it cannot tell. */
    record PhonemeClause(String ipa, int terminator) {}

    /** A row of the library's voice list. */
    record VoiceRow(String name, String language, String identifier, int gender) {}

    EspeakLibrary(EspeakFiles files) {
        try {
            functions = new EspeakFunctions(files.library(), arena);
            sampleRate =
                    (int)
                            functions.initialize.invokeExact(
                                    AUDIO_OUTPUT_SYNCHRONOUS,
                                    BUFFER_MILLISECONDS,
                                    arena.allocateFrom(files.data().toString()),
                                    INITIALIZE_DONT_EXIT);
            if (sampleRate <= 0) {
                throw new EngineException(
                        EngineException.Category.BAD_MODEL,
                        "espeak-ng does not accept the data in "
                                + files.data()
                                + "; it must be the espeak-ng-data of the same version as "
                                + files.library());
            }
            functions.setSynthCallback.invokeExact(synthesis.callback(arena));
        } catch (Throwable failure) {
            arena.close();
            throw EspeakFunctions.rethrown(failure);
        }
    }

    int sampleRate() {
        return sampleRate;
    }

    /** True when clauses come with the code of what ended them (1.52 and later). */
    boolean reportsTerminators() {
        return functions.textToPhonemesWithTerminator != null;
    }

    String version() {
        try {
            MemorySegment text = (MemorySegment) functions.info.invokeExact(MemorySegment.NULL);
            String version = EspeakFunctions.string(text);
            int space = version.indexOf(' ');
            return space < 0 ? version : version.substring(0, space);
        } catch (Throwable failure) {
            throw EspeakFunctions.rethrown(failure);
        }
    }

    /**
     * Makes a voice the current one. A failed call leaves the previous voice active, so the result
     * counts.
     *
     * @return false when there is no such voice
     */
    boolean selectVoice(String name) {
        if (name.equals(voice)) {
            return true;
        }
        try (Arena local = Arena.ofConfined()) {
            boolean found =
                    (int) functions.setVoiceByName.invokeExact(local.allocateFrom(name)) == 0;
            voice = found ? name : "";
            return found;
        } catch (Throwable failure) {
            throw EspeakFunctions.rethrown(failure);
        }
    }

    /** Speaks a text with the current voice. */
    EspeakSynthesis.Sound synthesize(
            String text, int wordsPerMinute, boolean phonemes, BooleanSupplier cancelled) {
        synthesis.begin(cancelled);
        brackets = phonemes;
        try (Arena local = Arena.ofConfined()) {
            MemorySegment utf8 = local.allocateFrom(text);
            int ignored =
                    (int) functions.setParameter.invokeExact(PARAMETER_RATE, wordsPerMinute, 0);
            int result =
                    (int)
                            functions.synth.invokeExact(
                                    utf8,
                                    utf8.byteSize(),
                                    0,
                                    1,
                                    0,
                                    CHARS_UTF8 | END_PAUSE | (phonemes ? PHONEME_INPUT : 0),
                                    MemorySegment.NULL,
                                    MemorySegment.NULL);
            Throwable failure = synthesis.failure();
            if (failure != null) {
                throw failure;
            }
            if (result != 0) {
                throw new EngineException(
                        EngineException.Category.INTERNAL,
                        "espeak_Synth failed with code " + result + ".");
            }
            return synthesis.end();
        } catch (Throwable failure) {
            synthesis.end();
            throw EspeakFunctions.rethrown(failure);
        }
    }

    /**
     * The text's clauses in IPA, with the current voice's rules.
     *
     * @param phonemes whether {@code [[…]]} in the text is read as phonemes
     */
    List<PhonemeClause> phonemes(String text, boolean ties, boolean phonemes) {
        if (brackets != phonemes) {
            // only a synthesis can change how brackets are read
            var unused = synthesize(" ", NORMAL_RATE, phonemes, () -> false);
        }
        MethodHandle withTerminator = functions.textToPhonemesWithTerminator;
        int mode = ties ? PHONEMES_IPA | PHONEMES_TIE : PHONEMES_IPA;
        List<PhonemeClause> clauses = new ArrayList<>();
        try (Arena local = Arena.ofConfined()) {
            MemorySegment cursor = local.allocate(ADDRESS);
            MemorySegment terminator = local.allocate(JAVA_INT);
            cursor.set(ADDRESS, 0, local.allocateFrom(text));
            while (cursor.get(ADDRESS, 0).address() != 0) {
                MemorySegment ipa;
                if (withTerminator == null) {
                    ipa =
                            (MemorySegment)
                                    functions.textToPhonemes.invokeExact(cursor, CHARS_UTF8, mode);
                    terminator.set(JAVA_INT, 0, -1);
                } else {
                    ipa =
                            (MemorySegment)
                                    withTerminator.invokeExact(
                                            cursor, CHARS_UTF8, mode, terminator);
                }
                clauses.add(
                        new PhonemeClause(
                                EspeakFunctions.string(ipa), terminator.get(JAVA_INT, 0)));
            }
            return clauses;
        } catch (Throwable failure) {
            throw EspeakFunctions.rethrown(failure);
        }
    }

    /** All voices, or all variants. */
    List<VoiceRow> voices(boolean variants) {
        List<VoiceRow> rows = new ArrayList<>();
        try (Arena local = Arena.ofConfined()) {
            MemorySegment filter = MemorySegment.NULL;
            if (variants) {
                filter = local.allocate(VOICE_BYTES, 8);
                filter.set(ADDRESS, 8, local.allocateFrom("variant"));
            }
            MemorySegment list =
                    ((MemorySegment) functions.listVoices.invokeExact(filter))
                            .reinterpret(Long.MAX_VALUE);
            for (long at = 0; list.get(ADDRESS, at).address() != 0; at += ADDRESS.byteSize()) {
                MemorySegment row = list.get(ADDRESS, at).reinterpret(VOICE_BYTES);
                rows.add(
                        new VoiceRow(
                                EspeakFunctions.string(row.get(ADDRESS, 0)),
                                // the first byte is the priority of the language that follows
                                EspeakFunctions.string(
                                        MemorySegment.ofAddress(row.get(ADDRESS, 8).address() + 1)),
                                EspeakFunctions.string(row.get(ADDRESS, 16)),
                                row.get(JAVA_BYTE, 24)));
            }
            return rows;
        } catch (Throwable failure) {
            throw EspeakFunctions.rethrown(failure);
        }
    }

    @Override
    public void close() {
        if (!arena.scope().isAlive()) {
            return;
        }
        try {
            int ignored = (int) functions.terminate.invokeExact();
        } catch (Throwable failure) {
            throw EspeakFunctions.rethrown(failure);
        } finally {
            arena.close();
        }
    }
}
