package dev.parlo.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The two lines of a document between which results are written. */
record Marks(String begin, String end) {
    /** Replaces what stands between them. */
    void fill(Path document, CharSequence page) throws IOException {
        String text = Files.readString(document);
        int first = text.indexOf(begin);
        int last = text.indexOf(end);
        if (first < 0 || last < first) {
            throw new IllegalStateException(document + " lacks the marks of the results");
        }
        Files.writeString(
                document,
                text.substring(0, first + begin.length()) + "\n" + page + text.substring(last));
    }
}
