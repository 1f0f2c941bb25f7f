package dev.parlo.engine.espeak;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * The functions of libespeak-ng that are called, bound to one private copy of the library: the
 * loader gives two openings of one file the same globals. Unloaded with its arena.
 */
final class EspeakFunctions {
    final MethodHandle initialize;
    final MethodHandle setVoiceByName;
    final MethodHandle setParameter;
    final MethodHandle setSynthCallback;
    final MethodHandle synth;
    final MethodHandle textToPhonemes;

    /** Null before version 1.52. */
    final @Nullable MethodHandle textToPhonemesWithTerminator;

    final MethodHandle listVoices;
    final MethodHandle info;
    final MethodHandle terminate;

    private final Linker linker = Linker.nativeLinker();
    private final SymbolLookup symbols;

    /**
     * @throws EngineException of category BAD_MODEL when the library cannot be loaded or lacks a
     *     function
     */
    EspeakFunctions(Path library, Arena arena) {
        symbols = load(library, arena);
        initialize = bind("espeak_Initialize", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
        setVoiceByName = bind("espeak_SetVoiceByName", JAVA_INT, ADDRESS);
        setParameter = bind("espeak_SetParameter", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
        setSynthCallback =
                linker.downcallHandle(
                        find("espeak_SetSynthCallback"), FunctionDescriptor.ofVoid(ADDRESS));
        synth =
                bind(
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
        textToPhonemes = bind("espeak_TextToPhonemes", ADDRESS, ADDRESS, JAVA_INT, JAVA_INT);
        textToPhonemesWithTerminator =
                symbols.find("espeak_TextToPhonemesWithTerminator")
                        .map(address ->
                                linker.downcallHandle(
                                        address,
                                        FunctionDescriptor.of(
                                                ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS)))
                        .orElse(null);
        listVoices = bind("espeak_ListVoices", ADDRESS, ADDRESS);
        info = bind("espeak_Info", ADDRESS, ADDRESS);
        terminate = bind("espeak_Terminate", JAVA_INT);
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
        } catch (IllegalArgumentException refused) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "The espeak-ng library "
                            + library
                            + " cannot be loaded: it is not a shared library of this machine.",
                    refused);
        } catch (IOException failure) {
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

    private MethodHandle bind(String name, MemoryLayout result, MemoryLayout... parameters) {
        return linker.downcallHandle(find(name), FunctionDescriptor.of(result, parameters));
    }

    private MemorySegment find(String name) {
        return symbols.find(name)
                .orElseThrow(() ->
                        new EngineException(
                                EngineException.Category.BAD_MODEL,
                                "The espeak-ng library has no function " + name + "."));
    }

    /** A C string of the library, empty for null. */
    static String string(MemorySegment text) {
        return text.address() == 0
                ? ""
                : text.reinterpret(Long.MAX_VALUE).getString(0, StandardCharsets.UTF_8);
    }

    /** What a call threw, as an unchecked exception. */
    static RuntimeException rethrown(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException exception
                ? exception
                : new EngineException(
                        EngineException.Category.INTERNAL, "espeak-ng failed: " + failure, failure);
    }
}
