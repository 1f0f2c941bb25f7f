package dev.parlo.engine.pool;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long an engine stays loaded after its last use.
 *
 * @param time zero: it is unloaded at once; negative: it stays
 */
public record KeepAlive(Duration time) {
    // First: the constants below are checked against it.
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** The engine stays until somebody unloads it or its room is needed. */
    public static final KeepAlive FOREVER = new KeepAlive(Duration.ofSeconds(-1));

    /** The engine is unloaded as soon as its last user gives it back. */
    public static final KeepAlive NONE = new KeepAlive(Duration.ZERO);

    private static final Pattern PART = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h|d)");
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    public KeepAlive {
        Objects.requireNonNull(time, "time is null");
        if (time.isNegative()) {
            time = Duration.ofSeconds(-1);
        } else if (time.compareTo(LONGEST) > 0) {
            time = LONGEST;
        }
    }

    /** From a number of seconds: negative stays, 0 unloads at once. */
    public static KeepAlive ofSeconds(long seconds) {
        return new KeepAlive(Duration.ofSeconds(Math.clamp(seconds, -1, LONGEST.toSeconds())));
    }

    /**
     * Reads what Ollama calls {@code keep_alive}: a number of seconds ({@code 300}, {@code 0},
     * {@code -1}) or a duration ({@code 5m}, {@code 1h30m}, {@code 250ms}); a negative one means
     * for ever.
     *
     * @throws IllegalArgumentException for anything else, with the accepted forms
     */
    public static KeepAlive parse(String text) {
        String given = text.strip().toLowerCase(Locale.ROOT);
        boolean negative = given.startsWith("-");
        String rest = negative ? given.substring(1) : given;
        if (rest.matches("\\d{1,9}")) {
            long seconds = Long.parseLong(rest);
            return ofSeconds(negative ? -seconds : seconds);
        }
        Matcher parts = PART.matcher(rest);
        BigDecimal millis = BigDecimal.ZERO;
        int end = 0;
        while (parts.lookingAt()) {
            long unit = Objects.requireNonNull(MILLIS.get(parts.group(2)));
            millis = millis.add(new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit)));
            end = parts.end();
            parts.region(end, rest.length());
        }
        if (end == 0 || end != rest.length()) {
            throw new IllegalArgumentException(
                    "keep_alive is '"
                            + (text.length() > 40 ? text.substring(0, 40) + "…" : text)
                            + "'; give seconds (300), a duration (5m, 1h30m), 0 to unload at once"
                            + " or -1 to keep the model loaded");
        }
        return negative ? FOREVER : new KeepAlive(Duration.ofMillis(millis.longValue()));
    }

    public boolean isForever() {
        return time.isNegative();
    }

    public boolean isNone() {
        return time.isZero();
    }
}
