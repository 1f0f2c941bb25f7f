package dev.parlo.engine.espeak;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The C interface of libespeak-ng. The library keeps its state in globals and is not thread-safe:
 * every method must be called on the thread that opened it ({@link EspeakNg} owns that thread).
 *
 * <p>The library is loaded from a private copy of its file, because the loader gives two openings
 * of one file the same globals.
 */
final class EspeakLibrary implements AutoCloseable {
    private static final int AUDIO_OUTPUT_SYNCHRONOUS = 2;
    private static final int INITIALIZE_DONT_EXIT = 0x8000;
    private static final int BUFFER_MILLISECONDS = 200;
    private static final int CHARS_UTF8 = 1;
    private static final int END_PAUSE = 0x1000;
    private static final int PARAMETER_RATE = 1;
    private static final int PHONEMES_IPA = 0x02;
    private static final int PHONEMES_TIE = 0x80 | ('^' << 8);

    /** Byte layout of {@code espeak_EVENT} on 64-bit platforms. */
    private static final int EVENT_BYTES = 40;

    private static final int EVENT_POSITION = 8;
    private static final int EVENT_LENGTH = 12;
    private static final int EVENT_AUDIO_MILLISECONDS = 16;
    private static final int EVENT_LIST_TERMINATED = 0;
    private static final int EVENT_WORD = 1;

    /** Byte layout of {@code espeak_VOICE} on 64-bit platforms. */
    private static final int VOICE_BYTES = 40;

    private final Arena arena = Arena.ofShared();
    private final int sampleRate;
    private final MethodHandle setVoiceByName;
    private final MethodHandle setParameter;
    private final MethodHandle synth;
    private final MethodHandle textToPhonemes;
    private final @Nullable MethodHandle textToPhonemesWithTerminator;
    private final MethodHandle listVoices;
    private final MethodHandle info;
    private final MethodHandle terminate;
    private @Nullable Synthesis synthesis;
    private String voice = "";

    /** A word as the library reports it: positions count characters of the text from 1. */
    record WordEvent(int position, int length, int milliseconds) {}

    /** A clause in IPA with the library's code of what ended it, or -1 where it cannot tell. */
    record PhonemeClause(String ipa, int terminator) {}

    /** A row of the library's voice list. */
    record VoiceRow(String name, String language, String identifier, int gender) {}

    /** Audio and words as they come from the callback. */
    private static final class Synthesis {
        private final BooleanSupplier cancelled;
        private final List<WordEvent> words = new ArrayList<>();
        private short[] samples = new short[1 << 15];
        private int size;

        Synthesis(BooleanSupplier cancelled) {
            this.cancelled = cancelled;
        }
    }

    /** What {@link #synthesize} made. */
    record Speech(short[] samples, List<WordEvent> words) {}

    EspeakLibrary(EspeakFiles files) {
        Linker linker = Linker.nativeLinker();
        SymbolLookup symbols = load(files.library(), arena);
        try {
            var initialize =
                    handle(
                            linker,
                            symbols,
                            "espeak_Initialize",
                            JAVA_INT,
                            JAVA_INT,
                            JAVA_INT,
                            ADDRESS,
                            JAVA_INT);
            setVoiceByName = handle(linker, symbols, "espeak_SetVoiceByName", JAVA_INT, ADDRESS);
            setParameter =
                    handle(
                            linker,
                            symbols,
                            "espeak_SetParameter",
                            JAVA_INT,
                            JAVA_INT,
                            JAVA_INT,
                            JAVA_INT);
            synth =
                    handle(
                            linker,
                            symbols,
                            "espeak_Synth",
                            JAVA_INT,
                            ADDRESS,
                            JAVA_LONG,
                            JAVA_INT,
                            JAVA_INT,
                            JAVA_INT,
                            JAVA_INT,
                            ADDRESS,
                            ADDRESS);
            textToPhonemes =
                    handle(
                            linker,
                            symbols,
                            "espeak_TextToPhonemes",
                            ADDRESS,
                            ADDRESS,
                            JAVA_INT,
                            JAVA_INT);
            textToPhonemesWithTerminator =
                    symbols.find("espeak_TextToPhonemesWithTerminator")
                            .map(address ->
                                    linker.downcallHandle(
                                            address,
                                            FunctionDescriptor.of(
                                                    ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS)))
                            .orElse(null);
            listVoices = handle(linker, symbols, "espeak_ListVoices", ADDRESS, ADDRESS);
            info = handle(linker, symbols, "espeak_Info", ADDRESS, ADDRESS);
            terminate = handle(linker, symbols, "espeak_Terminate", JAVA_INT);
            sampleRate =
                    (int)
                            initialize.invokeExact(
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
            MethodHandle callback =
                    MethodHandles.lookup()
                            .findVirtual(
                                    EspeakLibrary.class,
                                    "take",
                                    MethodType.methodType(
                                            int.class,
                                            MemorySegment.class,
                                            int.class,
                                            MemorySegment.class))
                            .bindTo(this);
            MemorySegment stub =
                    linker.upcallStub(
                            callback,
                            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS),
                            arena);
            Linker.nativeLinker()
                    .downcallHandle(
                            find(symbols, "espeak_SetSynthCallback"),
                            FunctionDescriptor.ofVoid(ADDRESS))
                    .invokeExact(stub);
        } catch (Throwable failure) {
            arena.close();
            throw rethrown(failure);
        }
    }

    int sampleRate() {
        return sampleRate;
    }

    /** True when clauses come with the code of what ended them (1.52 and later). */
    boolean reportsTerminators() {
        return textToPhonemesWithTerminator != null;
    }

    String version() {
        try {
            MemorySegment text = (MemorySegment) info.invokeExact(MemorySegment.NULL);
            String version = string(text);
            int space = version.indexOf(' ');
            return space < 0 ? version : version.substring(0, space);
        } catch (Throwable failure) {
            throw rethrown(failure);
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
            boolean found = (int) setVoiceByName.invokeExact(local.allocateFrom(name)) == 0;
            voice = found ? name : "";
            return found;
        } catch (Throwable failure) {
            throw rethrown(failure);
        }
    }

    /** Speaks a text with the current voice. */
    Speech synthesize(
            String text, int wordsPerMinute, boolean endPause, BooleanSupplier cancelled) {
        Synthesis current = new Synthesis(cancelled);
        synthesis = current;
        try (Arena local = Arena.ofConfined()) {
            MemorySegment utf8 = local.allocateFrom(text);
            int ignored = (int) setParameter.invokeExact(PARAMETER_RATE, wordsPerMinute, 0);
            int result =
                    (int)
                            synth.invokeExact(
                                    utf8,
                                    utf8.byteSize(),
                                    0,
                                    1,
                                    0,
                                    endPause ? CHARS_UTF8 | END_PAUSE : CHARS_UTF8,
                                    MemorySegment.NULL,
                                    MemorySegment.NULL);
            if (result != 0) {
                throw new EngineException(
                        EngineException.Category.INTERNAL,
                        "espeak_Synth failed with code " + result + ".");
            }
        } catch (Throwable failure) {
            throw rethrown(failure);
        } finally {
            synthesis = null;
        }
        return new Speech(Arrays.copyOf(current.samples, current.size), current.words);
    }

    /** Called by the library with samples and events; 1 stops the synthesis. */
    @SuppressWarnings("unused")
    private int take(MemorySegment wav, int count, MemorySegment events) {
        Synthesis current = synthesis;
        if (current == null || current.cancelled.getAsBoolean()) {
            return 1;
        }
        if (wav.address() != 0 && count > 0) {
            if (current.size + count > current.samples.length) {
                current.samples =
                        Arrays.copyOf(
                                current.samples,
                                Math.max(current.samples.length * 2, current.size + count));
            }
            MemorySegment.copy(
                    wav.reinterpret((long) count * Short.BYTES),
                    JAVA_SHORT,
                    0,
                    current.samples,
                    current.size,
                    count);
            current.size += count;
        }
        if (events.address() != 0) {
            MemorySegment all = events.reinterpret(Long.MAX_VALUE);
            for (long at = 0; all.get(JAVA_INT, at) != EVENT_LIST_TERMINATED; at += EVENT_BYTES) {
                if (all.get(JAVA_INT, at) == EVENT_WORD) {
                    current.words.add(
                            new WordEvent(
                                    all.get(JAVA_INT, at + EVENT_POSITION),
                                    all.get(JAVA_INT, at + EVENT_LENGTH),
                                    all.get(JAVA_INT, at + EVENT_AUDIO_MILLISECONDS)));
                }
            }
        }
        return 0;
    }

    /** The text's clauses in IPA, with the current voice's rules. */
    List<PhonemeClause> phonemes(String text, boolean ties) {
        int mode = ties ? PHONEMES_IPA | PHONEMES_TIE : PHONEMES_IPA;
        List<PhonemeClause> clauses = new ArrayList<>();
        try (Arena local = Arena.ofConfined()) {
            MemorySegment cursor = local.allocate(ADDRESS);
            MemorySegment terminator = local.allocate(JAVA_INT);
            cursor.set(ADDRESS, 0, local.allocateFrom(text));
            while (cursor.get(ADDRESS, 0).address() != 0) {
                MemorySegment ipa;
                if (textToPhonemesWithTerminator == null) {
                    ipa = (MemorySegment) textToPhonemes.invokeExact(cursor, CHARS_UTF8, mode);
                    terminator.set(JAVA_INT, 0, -1);
                } else {
                    ipa =
                            (MemorySegment)
                                    textToPhonemesWithTerminator.invokeExact(
                                            cursor, CHARS_UTF8, mode, terminator);
                }
                clauses.add(new PhonemeClause(string(ipa), terminator.get(JAVA_INT, 0)));
            }
            return clauses;
        } catch (Throwable failure) {
            throw rethrown(failure);
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
                    ((MemorySegment) listVoices.invokeExact(filter)).reinterpret(Long.MAX_VALUE);
            for (long at = 0; list.get(ADDRESS, at).address() != 0; at += ADDRESS.byteSize()) {
                MemorySegment row = list.get(ADDRESS, at).reinterpret(VOICE_BYTES);
                rows.add(
                        new VoiceRow(
                                string(row.get(ADDRESS, 0)),
                                // the first byte is the priority of the language that follows
                                string(MemorySegment.ofAddress(row.get(ADDRESS, 8).address() + 1)),
                                string(row.get(ADDRESS, 16)),
                                row.get(JAVA_BYTE, 24)));
            }
            return rows;
        } catch (Throwable failure) {
            throw rethrown(failure);
        }
    }

    @Override
    public void close() {
        if (!arena.scope().isAlive()) {
            return;
        }
        try {
            int ignored = (int) terminate.invokeExact();
        } catch (Throwable failure) {
            throw rethrown(failure);
        } finally {
            arena.close();
        }
    }

    private static String string(MemorySegment text) {
        return text.address() == 0
                ? ""
                : text.reinterpret(Long.MAX_VALUE).getString(0, StandardCharsets.UTF_8);
    }

    private static SymbolLookup load(Path library, Arena arena) {
        try {
            Path copy = Files.createTempFile("parlo-espeak-ng-", suffix(library));
            try {
                Files.copy(library, copy, StandardCopyOption.REPLACE_EXISTING);
                return SymbolLookup.libraryLookup(copy, arena);
            } finally {
                // an opened library stays mapped without its name
                if (!copy.toFile().delete()) {
                    copy.toFile().deleteOnExit();
                }
            }
        } catch (IOException | IllegalArgumentException failure) {
            arena.close();
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "The espeak-ng library "
                            + library
                            + " cannot be loaded: "
                            + failure.getMessage(),
                    failure);
        }
    }

    private static String suffix(Path library) {
        return library.toString().endsWith(".dylib") ? ".dylib" : ".so";
    }

    private static MethodHandle handle(
            Linker linker,
            SymbolLookup symbols,
            String name,
            MemoryLayout result,
            MemoryLayout... parameters) {
        return linker.downcallHandle(
                find(symbols, name), FunctionDescriptor.of(result, parameters));
    }

    private static MemorySegment find(SymbolLookup symbols, String name) {
        return symbols.find(name)
                .orElseThrow(() ->
                        new EngineException(
                                EngineException.Category.BAD_MODEL,
                                "The espeak-ng library has no function " + name + "."));
    }

    private static RuntimeException rethrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException exception
                ? exception
                : new EngineException(
                        EngineException.Category.INTERNAL, "espeak-ng failed: " + failure, failure);
    }
}
