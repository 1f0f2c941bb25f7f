package dev.parlo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Standard output on a full disk, or closed. */
final class UnwritableOutputTest {
    private final PrintStream usual = System.out;

    /** As {@code /dev/full} is. */
    private static final class Full extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            throw new IOException("No space left on device");
        }
    }

    @AfterEach
    void restore() {
        System.setOut(usual);
    }

    private static int version(OutputStream out) {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        return ParloCommand.run(new String[] {"--version"}, Map.of(), Wiring.real());
    }

    @Test
    void aReaderThatLeavesEarlyEndsTheCommandQuietlyAndAFullDiskDoesNot() {
        OutputStream left =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                };
        System.setOut(StandardOutput.to(left, StandardCharsets.UTF_8));
        assertThat(ParloCommand.run(new String[] {"--version"}, Map.of(), Wiring.real()))
                .isEqualTo(141);
        System.setOut(StandardOutput.to(new Full(), StandardCharsets.UTF_8));
        assertThat(ParloCommand.run(new String[] {"--version"}, Map.of(), Wiring.real()))
                .isEqualTo(ParloCommand.FAILED);
    }

    @Test
    void whatCannotBeWrittenIsAFailure() {
        assertThat(version(new Full())).isEqualTo(ParloCommand.FAILED);
        assertThat(version(OutputStream.nullOutputStream())).isZero();
    }
}
