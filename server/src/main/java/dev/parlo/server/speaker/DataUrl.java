package dev.parlo.server.speaker;

import dev.parlo.server.http.Base64Text;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A data URL in a file, decoded while it is read. Not thread-safe.
 *
 * @param contentType of what it holds, "" where it does not say
 * @param content decoded; reading throws where it is not base64
 */
record DataUrl(String contentType, InputStream content) implements AutoCloseable {
    private static final String SCHEME = "data:";
    private static final String BASE64 = ";base64";

    /** The longest name of a type, with its parameters. */
    private static final int LONGEST_HEAD = 256;

    /**
     * Opens one.
     *
     * @return null where the file holds something else
     * @throws IllegalArgumentException where it has no head, or is not in base64
     */
    static @Nullable DataUrl open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file));
        boolean opened = false;
        try {
            byte[] start = in.readNBytes(SCHEME.length());
            if (!new String(start, StandardCharsets.ISO_8859_1)
                    .toLowerCase(Locale.ROOT)
                    .equals(SCHEME)) {
                return null;
            }
            String head = head(in);
            if (!head.toLowerCase(Locale.ROOT).endsWith(BASE64)) {
                throw new IllegalArgumentException("it is not in base64");
            }
            opened = true;
            return new DataUrl(
                    head.substring(0, head.length() - BASE64.length()), Base64Text.decoding(in));
        } finally {
            if (!opened) {
                in.close();
            }
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int b = in.read(); b != ','; b = in.read()) {
            if (b < 0 || head.size() == LONGEST_HEAD) {
                throw new IllegalArgumentException("it has no comma before its data");
            }
            head.write(b);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
