package dev.parlo.registry.hub;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code Content-Range: bytes first-last/total} header (RFC 9110, 14.4). */
record ContentRange(long first, long last, long total) {
    private static final Pattern FORM =
            Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    static ContentRange parse(String header) throws IOException {
        Matcher matcher = FORM.matcher(header);
        if (!matcher.matches()) {
            throw new IOException("its Content-Range cannot be read");
        }
        return new ContentRange(
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                Long.parseLong(matcher.group(3)));
    }
}
