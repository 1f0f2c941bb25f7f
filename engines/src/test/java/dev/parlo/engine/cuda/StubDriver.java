package dev.parlo.engine.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** A driver's library that is compiled for a test. */
public final class StubDriver {
    private StubDriver() {}

    /**
     * Compiles and loads it.
     *
     * @param folder for its files
     * @return empty where there is no C compiler
     */
    public static Optional<CudaDriver> compile(Path folder) throws Exception {
        Path source = folder.resolve("stub.c");
        try (InputStream in = StubDriver.class.getResourceAsStream("/cuda/stub.c")) {
            Files.copy(Objects.requireNonNull(in), source);
        }
        Path library = folder.resolve("libcuda-stub.so");
        try {
            Process compiler =
                    new ProcessBuilder(
                                    "cc",
                                    "-shared",
                                    "-fPIC",
                                    "-Wall",
                                    "-Werror",
                                    "-o",
                                    library.toString(),
                                    source.toString())
                            .inheritIO()
                            .start();
            if (compiler.waitFor() != 0) {
                throw new IllegalStateException("cc ended with " + compiler.exitValue());
            }
        } catch (IOException none) {
            return Optional.empty();
        }
        return Optional.of(new LibCuda(SymbolLookup.libraryLookup(library, Arena.global())));
    }
}
