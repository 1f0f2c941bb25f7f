package dev.parlo.server.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * The process's output, which also tells why it could not be written: a {@link PrintStream} keeps
 * only that. Thread-safe as that is.
 */
public final class StandardOutput extends PrintStream {
    private final Failures failures;

    private StandardOutput(Failures failures, Charset charset) {
        super(failures, true, charset);
        this.failures = failures;
    }

    /** In the encoding of the terminal, as {@link System#out}. */
    public static StandardOutput ofProcess() {
        return to(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
                System.out.charset());
    }

    static StandardOutput to(OutputStream out, Charset charset) {
        return new StandardOutput(new Failures(out), charset);
    }

    /** Whether whoever read this process's output has left: then nothing more need be computed. */
    static boolean readerOfProcessLeft() {
        return System.out instanceof StandardOutput out && out.readerLeft();
    }

    /**
     * The process's output as a stream that fails: a {@link PrintStream} takes everything, also
     * what nobody will read.
     */
    static OutputStream failing() {
        PrintStream process = System.out;
        return new FilterOutputStream(process) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                process.write(bytes, offset, length);
                flush();
            }

            @Override
            public void flush() throws IOException {
                if (process.checkError()) {
                    throw new IOException("it cannot be written");
                }
            }
        };
    }

    /** Whether whoever read it has left, such as {@code head}, which has seen enough. */
    boolean readerLeft() {
        return checkError() && failures.brokenPipe;
    }

    /** Notes what the system says. */
    private static final class Failures extends FilterOutputStream {
        private volatile boolean brokenPipe;

        Failures(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException failure) {
                throw noted(failure);
            }
        }

        @Override
        public void flush() throws IOException {
            try {
                out.flush();
            } catch (IOException failure) {
                throw noted(failure);
            }
        }

        private IOException noted(IOException failure) {
            brokenPipe |= String.valueOf(failure.getMessage()).contains("Broken pipe");
            return failure;
        }
    }
}
