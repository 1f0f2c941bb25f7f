package dev.parlo.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfFileTest {
    @TempDir Path folder;

    @Test
    void tellsTheLibrariesAndTheCodeForGpus() throws IOException {
        Path file =
                new ElfWriter()
                        .needs("libcublas.so.12", "libc.so.6")
                        .codeFor(75, 90)
                        .write(folder.resolve("a.so"));
        try (ElfFile elf = new ElfFile(file)) {
            assertThat(elf.needed()).containsExactly("libcublas.so.12", "libc.so.6");
        }
        FatBinary code = FatBinary.of(file);
        assertThat(code.entries()).hasSize(4);
        assertThat(code.architectures()).containsExactly(75, 90);
    }

    /** Code for 8.0 runs on an 8.9, and nothing else runs on another generation. */
    @Test
    void codeRunsOnItsOwnGenerationAndNotOnAnOlderMinorVersion() throws IOException {
        FatBinary code =
                FatBinary.of(new ElfWriter().codeFor(75, 80, 90).write(folder.resolve("a.so")));
        assertThat(code.runsOn(80)).isTrue();
        assertThat(code.runsOn(89)).isTrue();
        assertThat(code.runsOn(90)).isTrue();
        assertThat(code.runsOn(70)).isFalse();
        assertThat(code.runsOn(100)).isFalse();
        assertThat(code.runsOn(120)).isFalse();
    }

    /** The JVM's own library is one of those that a compiler made. */
    @Test
    void readsARealLibrary() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "lib", "libjava.so");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(java));
        try (ElfFile elf = new ElfFile(java)) {
            assertThat(elf.needed()).contains("libjvm.so");
        }
        assertThat(FatBinary.of(java).entries()).isEmpty();
    }

    @Test
    void aFileThatIsNoLibraryIsRefusedByItsName() throws IOException {
        Path text = Files.writeString(folder.resolve("text.so"), "GNU ld script".repeat(20));
        assertThatThrownBy(() -> new ElfFile(text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("text.so is not a shared library");
    }

    @Test
    void whateverIsDamagedIsRefusedAndNothingElseHappens() throws IOException {
        byte[] whole = new ElfWriter().needs("libcublas.so.12").codeFor(75, 90).bytes();
        SplittableRandom random = new SplittableRandom(3);
        int refused = 0;
        for (int turn = 0; turn < 3000; turn++) {
            byte[] damaged =
                    java.util.Arrays.copyOf(
                            whole, turn % 3 == 0 ? random.nextInt(whole.length) : whole.length);
            for (int i = 0; i < 1 + turn % 8 && damaged.length > 8; i++) {
                damaged[6 + random.nextInt(damaged.length - 6)] = (byte) random.nextInt(256);
            }
            Path file = Files.write(folder.resolve("damaged.so"), damaged);
            try (ElfFile elf = new ElfFile(file)) {
                elf.needed();
                FatBinary.of(file);
            } catch (IOException expected) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }
}
