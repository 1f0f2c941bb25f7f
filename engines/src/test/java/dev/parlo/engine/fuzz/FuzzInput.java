package dev.parlo.engine.fuzz;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What a target makes of the bytes that the fuzzer gives it. */
public final class FuzzInput {
    private static final int EDIT_HEAD = 4;

    private FuzzInput() {}

    /**
     * The input itself, or a whole file with the input's changes: a fuzzer hardly ever makes a file
     * of a megabyte whose 50,000 entries agree. The first byte chooses; a change is an offset (24
     * bits), a count (8 bits) and as many bytes, and a count of 0 ends the file at the offset.
     */
    public static byte[] rawOrPatched(byte[] input, byte[] whole) {
        if (input.length == 0 || (input[0] & 1) == 0) {
            return input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
        }
        byte[] patched = whole.clone();
        for (int at = 1; at + EDIT_HEAD <= input.length; ) {
            int offset =
                    (input[at] & 0xff) << 16 | (input[at + 1] & 0xff) << 8 | input[at + 2] & 0xff;
            int count = Math.min(input[at + 3] & 0xff, input.length - at - EDIT_HEAD);
            offset %= Math.max(1, patched.length);
            if (count == 0) {
                patched = Arrays.copyOf(patched, offset);
            }
            for (int i = 0; i < count && offset + i < patched.length; i++) {
                patched[offset + i] = input[at + EDIT_HEAD + i];
            }
            at += EDIT_HEAD + count;
        }
        return patched;
    }

    /** What reads a file. */
    public interface FileReading {
        void read(Path file) throws IOException;
    }

    /**
     * Notes the input of a target that ends in native code, which may end the process: in a file
     * that {@code -Dfuzz.last} names.
     */
    public static void note(byte[] bytes) {
        String file = System.getProperty("fuzz.last");
        if (file != null) {
            try {
                Files.write(Path.of(file), bytes);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    /** Gives the bytes to a reader of files, under a name, in a folder that is removed again. */
    public static void asFile(byte[] bytes, String name, FileReading reading) {
        try {
            Path folder = Files.createTempDirectory("fuzz");
            Path file = folder.resolve(name);
            try {
                Files.createDirectories(file.resolveSibling(""));
                Files.write(file, bytes);
                reading.read(file);
            } finally {
                try (var all = Files.walk(folder)) {
                    for (Path one : all.toList().reversed()) {
                        Files.delete(one);
                    }
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A refusal is right where it is of one of these categories; anything else is a finding. */
    public static void refused(EngineException refusal, EngineException.Category... accepted) {
        if (!List.of(accepted).contains(refusal.category())) {
            throw refusal;
        }
        String message = String.valueOf(refusal.getMessage());
        if (message.isBlank() || message.length() > 4_096) {
            throw new IllegalStateException(
                    "a message of " + message.length() + " characters", refusal);
        }
    }
}
