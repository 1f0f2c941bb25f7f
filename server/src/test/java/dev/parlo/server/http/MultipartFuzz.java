package dev.parlo.server.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Forms, read at once and a few bytes at a time: both must find the same parts. */
public final class MultipartFuzz {
    private static final int MAX_PARTS = 20;

    private MultipartFuzz() {}

    /** The first byte says how many bytes come at a time. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] body = Arrays.copyOfRange(input, 1, input.length);
        List<String> whole = parts(body, Integer.MAX_VALUE);
        List<String> pieces = parts(body, 1 + (input[0] & 15));
        if (!whole.equals(pieces)) {
            throw new IllegalStateException(whole + " at once, but in pieces " + pieces);
        }
    }

    private static List<String> parts(byte[] body, int step) {
        List<String> parts = new ArrayList<>();
        ByteArrayInputStream in =
                new ByteArrayInputStream(body) {
                    @Override
                    public synchronized int read(byte[] target, int offset, int length) {
                        return super.read(target, offset, Math.min(length, step));
                    }
                };
        try {
            new MultipartParser(in, "b")
                    .parse(
                            (head, part) -> {
                                HeaderParameters.get(String.valueOf(head.contentType()), "charset");
                                parts.add(head + ": " + Arrays.hashCode(part.readAllBytes()));
                            },
                            MAX_PARTS);
        } catch (IOException malformed) {
            parts.add("malformed: " + malformed.getMessage());
        }
        return parts;
    }
}
