package dev.parlo.registry;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A way in which the test Hub misbehaves.
 *
 * @param path part of the requested path or file; "" for every request
 * @param kind what it does
 * @param value a byte count, a status or seconds, as the kind has it
 * @param times how often
 */
public record Fault(String path, Kind kind, long value, int times) {
    private static final Pattern FORM =
            Pattern.compile("([^=]*)=([a-z-]+)(?:@(\\d+))?(?:\\*(\\d+))?");

    /** What can go wrong. */
    public enum Kind {
        /** The connection ends after {@code value} bytes of the file. */
        CUT,
        /** Nothing more comes after {@code value} bytes, while the connection stays open. */
        STALL,
        /** A byte of the file is another. */
        HASH,
        /** The file's headers announce {@code value} bytes more than there are. */
        SIZE,
        /** A range is answered with the whole file and 200. */
        NO_RANGE,
        /** The answer is {@code value}, for example 503. */
        STATUS,
        /** 429 with {@code Retry-After: value}. */
        RATE_LIMIT,
        /** 429 with {@code RateLimit: "api";r=0;t=value}, as the Hub itself answers. */
        HUB_LIMIT,
        /** The model's JSON names neither sizes nor hashes, as older mirrors answer. */
        NO_BLOBS,
        /**
         * A signed address is good for {@code value} calls; then the store answers 403, without a
         * word of the Hub's.
         */
        EXPIRED,
        /** A file comes compressed although identity was asked for. */
        GZIP,
        /** A HEAD is answered without Content-Length. */
        NO_LENGTH,
        /** Each connection brings no more than {@code value} bytes a second. */
        THROTTLE
    }

    /** For ever. */
    public Fault(String path, Kind kind, long value) {
        this(path, kind, value, Integer.MAX_VALUE);
    }

    /** Reads {@code path=kind[@value][*times]}, for example {@code model.bin=cut@100000*2}. */
    public static Fault parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "a fault is path=kind[@value][*times], for example model.bin=cut@100000*2, not "
                            + text);
        }
        return new Fault(
                matcher.group(1),
                Kind.valueOf(matcher.group(2).replace('-', '_').toUpperCase(Locale.ROOT)),
                matcher.group(3) == null ? 0 : Long.parseLong(matcher.group(3)),
                matcher.group(4) == null ? Integer.MAX_VALUE : Integer.parseInt(matcher.group(4)));
    }
}
