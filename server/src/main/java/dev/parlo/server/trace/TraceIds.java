package dev.parlo.server.trace;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The ids of a trace, as W3C's Trace Context writes them.
 *
 * @param traceId 32 hexadecimal digits, not all 0
 * @param spanId 16 hexadecimal digits, not all 0
 */
public record TraceIds(String traceId, String spanId) {
    private static final Pattern TRACE_PARENT =
            Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?");

    /**
     * The ids in the header {@code traceparent}; empty where it is missing or malformed, which
     * W3C's Trace Context has treated as missing.
     */
    public static Optional<TraceIds> of(@Nullable String traceParent) {
        if (traceParent == null) {
            return Optional.empty();
        }
        Matcher parts = TRACE_PARENT.matcher(traceParent.strip());
        if (!parts.matches()) {
            return Optional.empty();
        }
        String version = parts.group(1);
        // Later versions may go on after the flags; version 0 may not, and ff is invalid for ever.
        boolean known = !version.equals("ff") && (parts.group(4) == null || !version.equals("00"));
        return known && isNotZero(parts.group(2)) && isNotZero(parts.group(3))
                ? Optional.of(new TraceIds(parts.group(2), parts.group(3)))
                : Optional.empty();
    }

    private static boolean isNotZero(String digits) {
        return digits.chars().anyMatch(digit -> digit != '0');
    }
}
