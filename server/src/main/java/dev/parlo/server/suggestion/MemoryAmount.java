package dev.parlo.server.suggestion;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of memory as people write them: {@code 2GB}, {@code 1.5 GiB}, {@code 800m}. */
final class MemoryAmount {
    /** What is accepted, as the end of a sentence. */
    static final String ACCEPTED =
            "a number of bytes, or a number with a unit: MB, GB, TB (powers of 1,000), MiB, GiB,"
                    + " TiB, M, G, T (powers of 1,024), such as 2GB or 1.5GiB";

    private static final Pattern AMOUNT =
            Pattern.compile("(\\d{1,19}(?:\\.\\d{1,9})?)\\s*([kmgt]?i?b?)");
    private static final Map<Character, Integer> POWERS = Map.of('k', 1, 'm', 2, 'g', 3, 't', 4);

    private MemoryAmount() {}

    /** The bytes; empty for what is no amount, nothing, or more than can be counted. */
    static OptionalLong parse(String text) {
        Matcher amount = AMOUNT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!amount.matches() || amount.group(2).equals("i") || amount.group(2).equals("ib")) {
            return OptionalLong.empty();
        }
        String unit = amount.group(2);
        int power = unit.isEmpty() ? 0 : POWERS.getOrDefault(unit.charAt(0), 0);
        // without "b", as Docker and Java write it
        boolean binary = unit.contains("i") || !unit.contains("b");
        BigDecimal bytes =
                new BigDecimal(amount.group(1))
                        .multiply(BigDecimal.valueOf(binary ? 1024 : 1000).pow(power))
                        .setScale(0, RoundingMode.DOWN);
        return bytes.signum() <= 0 || bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                ? OptionalLong.empty()
                : OptionalLong.of(bytes.longValueExact());
    }
}
