package dev.parlo.engine.text;

import dev.parlo.engine.text.TextNormalizer.Rule;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Rules for numbers with units of measurement. */
final class UnitRules {
    private static final Map<String, String> UNITS =
            Map.ofEntries(
                    Map.entry("km", "kilometer"),
                    Map.entry("m", "meter"),
                    Map.entry("cm", "centimeter"),
                    Map.entry("mm", "millimeter"),
                    Map.entry("kg", "kilogram"),
                    Map.entry("g", "gram"),
                    Map.entry("mg", "milligram"),
                    Map.entry("ml", "milliliter"),
                    Map.entry("mL", "milliliter"),
                    Map.entry("l", "liter"),
                    Map.entry("L", "liter"),
                    Map.entry("lb", "pound"),
                    Map.entry("lbs", "pound"),
                    Map.entry("oz", "ounce"),
                    Map.entry("ft", "foot"),
                    Map.entry("yd", "yard"),
                    Map.entry("mi", "mile"),
                    Map.entry("mph", "mile per hour"),
                    Map.entry("km/h", "kilometer per hour"),
                    Map.entry("kph", "kilometer per hour"),
                    Map.entry("m/s", "meter per second"),
                    Map.entry("°C", "degree Celsius"),
                    Map.entry("°F", "degree Fahrenheit"),
                    Map.entry("°", "degree"),
                    Map.entry("Hz", "hertz"),
                    Map.entry("kHz", "kilohertz"),
                    Map.entry("MHz", "megahertz"),
                    Map.entry("GHz", "gigahertz"),
                    Map.entry("kB", "kilobyte"),
                    Map.entry("KB", "kilobyte"),
                    Map.entry("MB", "megabyte"),
                    Map.entry("GB", "gigabyte"),
                    Map.entry("TB", "terabyte"),
                    Map.entry("kb", "kilobit"),
                    Map.entry("Mb", "megabit"),
                    Map.entry("Gb", "gigabit"),
                    Map.entry("kbps", "kilobit per second"),
                    Map.entry("Mbps", "megabit per second"),
                    Map.entry("Gbps", "gigabit per second"),
                    Map.entry("ms", "millisecond"),
                    Map.entry("sec", "second"),
                    Map.entry("min", "minute"),
                    Map.entry("hr", "hour"),
                    Map.entry("hrs", "hour"),
                    Map.entry("W", "watt"),
                    Map.entry("kW", "kilowatt"),
                    Map.entry("MW", "megawatt"),
                    Map.entry("kWh", "kilowatt hour"),
                    Map.entry("V", "volt"),
                    Map.entry("mA", "milliampere"),
                    Map.entry("px", "pixel"),
                    Map.entry("dB", "decibel"),
                    Map.entry("cal", "calorie"),
                    Map.entry("kcal", "kilocalorie"));

    private static final String NAMES =
            UNITS.keySet().stream()
                    .sorted((a, b) -> b.length() - a.length())
                    .collect(Collectors.joining("|"));

    static final List<Rule> ALL =
            List.of(
                    Rule.of(
                            "(?<![\\w.,])([-−]?(?:\\d{1,3}(?:,\\d{3}){1,5}|\\d{1,18})(?:\\.\\d{1,12})?) ?("
                                    + NAMES
                                    + ")(?![\\w/²³])",
                            match -> speak(match.group(1), match.group(2))));

    private UnitRules() {}

    private static String speak(String number, String unit) {
        String words = EnglishNumbers.number(number);
        return words
                + " "
                + (number.equals("1") ? UNITS.get(unit) : plural(UNITS.getOrDefault(unit, unit)));
    }

    private static String plural(String unit) {
        int per = unit.indexOf(" per ");
        int space = per >= 0 ? per : unit.startsWith("degree ") ? 6 : unit.length();
        String head = unit.substring(0, space);
        String tail = unit.substring(space);
        if (head.equals("foot")) {
            return "feet" + tail;
        }
        return (head.endsWith("hertz") ? head : head + "s") + tail;
    }
}
