package dev.parlo.registry.hub;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * How long an answer asks to wait: by {@code RateLimit} (IETF draft; the Hub's own way), else by
 * {@code Retry-After} (RFC 9110, 10.2.3).
 */
final class WaitHeaders {
    private static final Duration LONGEST = Duration.ofDays(1);

    /** {@code "api";r=0;t=40}: nothing remains for 40 s. Earlier drafts: remaining=0, reset=40. */
    private static final Pattern ITEM = Pattern.compile("[^,]+");

    private static final Pattern REMAINING =
            Pattern.compile("(?:^|[;,\\s])r(?:emaining)?\\s*=\\s*(\\d{1,9})(?!\\d)");
    private static final Pattern RESET =
            Pattern.compile("(?:^|[;,\\s])(?:t|reset)\\s*=\\s*(\\d{1,9})(?!\\d)");

    private WaitHeaders() {}

    /** The wait; null when the answer names none. */
    static @Nullable Duration of(Response response) {
        // The Hub sends RateLimit with every answer; only where the limit was met does it say
        // when to come back.
        Optional<Duration> limit =
                response.code() == 429
                        ? rateLimit(response.headers("RateLimit"))
                        : Optional.empty();
        return limit.orElseGet(() -> retryAfter(response.header("Retry-After")));
    }

    /** The longest of the limits that are used up, and a second for the clocks. */
    static Optional<Duration> rateLimit(List<String> headers) {
        long longest = -1;
        for (String header : headers) {
            // Earlier drafts separate one limit's parts by commas, the present one separates
            // limits by them.
            Matcher items =
                    (header.contains("reset") ? Pattern.compile(".+") : ITEM).matcher(header);
            while (items.find()) {
                Matcher remaining = REMAINING.matcher(items.group());
                Matcher reset = RESET.matcher(items.group());
                boolean usedUp = !remaining.find() || Long.parseLong(remaining.group(1)) == 0;
                if (usedUp && reset.find()) {
                    longest = Math.max(longest, Long.parseLong(reset.group(1)));
                }
            }
        }
        return longest < 0
                ? Optional.empty()
                : Optional.of(bounded(Duration.ofSeconds(longest + 1)));
    }

    /** Seconds or a date; null when absent or odd. */
    static @Nullable Duration retryAfter(@Nullable String header) {
        if (header == null) {
            return null;
        }
        try {
            return bounded(
                    header.strip().matches("\\d{1,9}")
                            ? Duration.ofSeconds(Long.parseLong(header.strip()))
                            : Duration.between(
                                    Instant.now(),
                                    ZonedDateTime.parse(
                                            header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)));
        } catch (DateTimeException odd) {
            return null;
        }
    }

    private static Duration bounded(Duration wait) {
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
