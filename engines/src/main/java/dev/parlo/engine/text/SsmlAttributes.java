package dev.parlo.engine.text;

import dev.parlo.engine.EngineException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** The attributes of the SSML element that a parser stands at. */
final class SsmlAttributes {
    private static final Pattern TIME =
            Pattern.compile("\\+?(\\d{1,6}(?:\\.\\d{0,6})?|\\.\\d{1,6})\\s{0,4}(ms|s)");
    private static final Pattern NUMBER =
            Pattern.compile("([+-]?)(\\d{1,4}(?:\\.\\d{0,6})?|\\.\\d{1,6})\\s{0,4}(%|dB)?");
    private static final Map<String, Double> STRENGTHS =
            Map.of(
                    "none",
                    0.0,
                    "x-weak",
                    0.1,
                    "weak",
                    0.25,
                    "medium",
                    0.5,
                    "strong",
                    1.0,
                    "x-strong",
                    1.5);
    private static final Map<String, Double> RATES =
            Map.of(
                    "x-slow", 0.5, "slow", 0.75, "medium", 1.0, "default", 1.0, "fast", 1.25,
                    "x-fast", 1.5);
    private static final Map<String, Double> VOLUMES =
            Map.of(
                    "silent", 0.0, "x-soft", 0.25, "soft", 0.5, "medium", 1.0, "default", 1.0,
                    "loud", 1.4, "x-loud", 2.0);

    private final XMLStreamReader xml;
    private final String element;
    private final int line;
    private final int column;

    SsmlAttributes(XMLStreamReader xml, int line, int column) {
        this.xml = xml;
        this.element = xml.getLocalName();
        this.line = line;
        this.column = column;
    }

    @Nullable String optional(String name) {
        String value = xml.getAttributeValue(null, name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    String required(String name) {
        String value = optional(name);
        if (value == null) {
            throw wrong("needs the attribute " + name);
        }
        return value;
    }

    /** Seconds of a {@code break}. */
    double pause() {
        String time = optional("time");
        if (time != null) {
            Matcher matcher = TIME.matcher(time);
            if (!matcher.matches()) {
                throw wrong("time", time, "a time such as 500ms or 1.5s");
            }
            double value = Double.parseDouble(matcher.group(1));
            return Math.min(
                    matcher.group(2).equals("s") ? value : value / 1000,
                    TextReader.MAX_PAUSE_SECONDS);
        }
        String strength = optional("strength");
        if (strength == null) {
            return 0.5;
        }
        Double seconds = STRENGTHS.get(strength.toLowerCase(Locale.ROOT));
        if (seconds == null) {
            throw wrong("strength", strength, "none, x-weak, weak, medium, strong or x-strong");
        }
        return seconds;
    }

    /** The factor of {@code prosody rate}. */
    double rate() {
        String given = optional("rate");
        if (given == null) {
            return 1;
        }
        Double named = RATES.get(given.toLowerCase(Locale.ROOT));
        double rate = named != null ? named : number(given, 1, false);
        if (!(rate > 0)) {
            throw wrong(
                    "rate",
                    given,
                    "x-slow, slow, medium, fast, x-fast, a factor such as 1.2, or 80%, or +20%");
        }
        return rate;
    }

    /** The factor of {@code prosody volume}. */
    double volume() {
        String given = optional("volume");
        if (given == null) {
            return 1;
        }
        Double named = VOLUMES.get(given.toLowerCase(Locale.ROOT));
        double volume = named != null ? named : number(given, 100, true);
        if (!(volume >= 0)) {
            throw wrong(
                    "volume",
                    given,
                    "silent, x-soft, soft, medium, loud, x-loud, +6dB, 0 to 100, or +10%");
        }
        return volume;
    }

    /**
     * A factor: percent, with a sign a change of so many percent, or a number of which {@code
     * whole} is 1; NaN for any other text.
     */
    private static double number(String given, double whole, boolean decibels) {
        Matcher matcher = NUMBER.matcher(given);
        if (!matcher.matches()) {
            return Double.NaN;
        }
        String sign = matcher.group(1);
        String unit = matcher.group(3) == null ? "" : matcher.group(3);
        double value = Double.parseDouble(matcher.group(2)) * (sign.equals("-") ? -1 : 1);
        return switch (unit) {
            case "%" -> sign.isEmpty() ? value / 100 : 1 + value / 100;
            case "dB" -> decibels ? Math.pow(10, Math.clamp(value, -200, 20) / 20) : Double.NaN;
            default -> sign.isEmpty() ? value / whole : Double.NaN;
        };
    }

    /** The phonemes of a {@code phoneme}. */
    String phonemes() {
        String alphabet = optional("alphabet");
        if (alphabet != null && !alphabet.equalsIgnoreCase("ipa")) {
            throw wrong("alphabet", alphabet, "ipa");
        }
        return required("ph");
    }

    private EngineException wrong(String name, String given, String accepted) {
        return wrong("has " + name + "=\"" + given + "\"; accepted is " + accepted);
    }

    private EngineException wrong(String problem) {
        return SsmlReader.wrong(line, column, "<" + element + "> " + problem);
    }
}
