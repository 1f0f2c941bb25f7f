package dev.parlo.server.llm;

import java.io.IOException;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * The data of server-sent events, one after another. Lines and their sum are bounded: they come
 * from a server that may not be ours. One thread.
 */
final class EventLines {
    static final int LONGEST_LINE = 1 << 20;
    static final long MOST_BYTES = 64L << 20;

    private final BufferedSource source;
    private long left = MOST_BYTES;

    EventLines(BufferedSource source) {
        this.source = source;
    }

    /**
     * The data of the next event that has any; null at the end.
     *
     * @throws dev.parlo.server.http.ApiError for more than is taken
     */
    @Nullable String next() throws IOException {
        StringBuilder data = new StringBuilder();
        boolean any = false;
        for (String line = line(); line != null; line = line()) {
            if (line.isEmpty() && any) {
                return data.toString();
            }
            if (line.startsWith("data:")) {
                data.append(any ? "\n" : "")
                        .append(line, line.startsWith("data: ") ? 6 : 5, line.length());
                any = true;
                if (data.length() > LONGEST_LINE) {
                    throw tooMuch();
                }
            }
            // Comments keep the connection; names, numbers and waits of events mean nothing here.
        }
        return any ? data.toString() : null;
    }

    private @Nullable String line() throws IOException {
        long end = source.indexOf((byte) '\n', 0, LONGEST_LINE);
        long length = end >= 0 ? end : source.getBuffer().size();
        left -= length + 1;
        if (left < 0 || (end < 0 && length >= LONGEST_LINE)) {
            throw tooMuch();
        }
        if (end < 0 && length == 0) {
            return null;
        }
        String line = source.readUtf8(length);
        if (end >= 0) {
            source.skip(1);
        }
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    private static RuntimeException tooMuch() {
        return LlmErrors.misunderstood(
                "sent a line of more than "
                        + (LONGEST_LINE >> 20)
                        + " MiB, or an answer of more than "
                        + (MOST_BYTES >> 20)
                        + " MiB");
    }
}
