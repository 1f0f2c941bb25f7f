package dev.parlo.registry.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What an earlier, killed process left beside an unfinished file. */
public final class RangeJournalFuzz {
    private static final long SIZE = 1_000;

    private RangeJournalFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Path file = Files.createTempFile("journal", ".ranges");
        try {
            Files.write(file, input);
            RangeJournal.peek(file, SIZE, SIZE);
            try (RangeJournal journal = RangeJournal.open(file, SIZE, 100, SIZE / 2, 0)) {
                for (int range = 0; range < journal.ranges(); range++) {
                    if (journal.position(range) < journal.start(range)
                            || journal.position(range) > journal.end(range)
                            || journal.end(range) > SIZE) {
                        throw new IllegalStateException("range " + range + " is outside");
                    }
                }
                if (journal.bytesDone() > SIZE || journal.prefix() > SIZE) {
                    throw new IllegalStateException(journal.bytesDone() + " of " + SIZE);
                }
            }
        } finally {
            Files.delete(file);
        }
    }
}
