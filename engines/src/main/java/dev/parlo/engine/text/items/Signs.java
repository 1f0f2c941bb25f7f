package dev.parlo.engine.text.items;

import dev.parlo.engine.text.language.LanguageTables;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the signs of sums, of programs and of social networks; what has no words is a space. */
final class Signs implements ItemRule {
    private static final Map<String, String> ALWAYS =
            Map.ofEntries(
                    Map.entry("@", "at"),
                    Map.entry("&", "and"),
                    Map.entry("=", "equals"),
                    Map.entry("+", "plus"),
                    Map.entry("×", "times"),
                    Map.entry("·", ""),
                    Map.entry("÷", "divided"),
                    Map.entry("≈", "about"),
                    Map.entry("±", "plus-minus"),
                    Map.entry("≠", "unequal"),
                    Map.entry("≤", "at-most"),
                    Map.entry("≥", "at-least"),
                    Map.entry("→", "arrow"),
                    Map.entry("⇒", "arrow"),
                    Map.entry("↔", "arrow"),
                    Map.entry("←", ""),
                    Map.entry("√", "root"),
                    Map.entry("∞", "infinity"),
                    Map.entry("§", "section"),
                    Map.entry("¶", "paragraph"),
                    Map.entry("©", "copyright"),
                    Map.entry("®", ""),
                    Map.entry("™", ""),
                    Map.entry("℠", ""),
                    Map.entry("°", "degrees"),
                    Map.entry("%", "percent"),
                    Map.entry("¢", "cents"),
                    Map.entry("№", "number"),
                    Map.entry("−", "minus"),
                    Map.entry("^", ""),
                    Map.entry("~", ""),
                    Map.entry("|", ""),
                    Map.entry("\\", ""),
                    Map.entry("`", ""),
                    Map.entry("_", ""),
                    Map.entry("*", ""));
    private static final List<Map.Entry<String, String>> LONG =
            List.of(
                    Map.entry("<->", "arrow"),
                    Map.entry("-->", "arrow"),
                    Map.entry("->", "arrow"),
                    Map.entry("=>", "arrow"),
                    Map.entry("<-", ""),
                    Map.entry("<=", "at-most"),
                    Map.entry(">=", "at-least"),
                    Map.entry("!=", "unequal"),
                    Map.entry("==", "equals"),
                    Map.entry("+/-", "plus-minus"),
                    Map.entry("§§", "section"),
                    Map.entry("&&", "and"));
    private static final Set<String> PERIODS =
            Set.of("second", "minute", "hour", "day", "night", "week", "month", "year", "person");

    /** What ends a range of years or of hours without a number. */
    private static final Set<String> LAST =
            Set.of(
                    "present",
                    "today",
                    "now",
                    "noon",
                    "midnight",
                    "date",
                    "heute",
                    "présent",
                    "hoy");

    private static final Set<String> MIDDAYS = Set.of("noon", "midnight");

    /** Digits and the minus as they stand above a base. */
    private static final String RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻";

    private static final Set<String> CURRENCIES = Set.of("$", "£", "€", "¥", "₹");

    private final LanguageTables tables;

    Signs(LanguageTables tables) {
        this.tables = tables;
    }

    @Override
    public @Nullable Match at(Tokens tokens, int index) {
        if (tokens.kind(index) != Tokens.Kind.SIGN) {
            return cross(tokens, index);
        }
        Match power = power(tokens, index);
        if (power != null) {
            return power;
        }
        for (Map.Entry<String, String> sign : LONG) {
            int length = sign.getKey().length();
            if (tokens.all().startsWith(sign.getKey(), tokens.start(index))) {
                return sign(sign.getValue(), index + length);
            }
        }
        String text = tokens.text(index);
        boolean beforeNumber = tokens.number(index + 1) || tokens.in(index + 1, "$£€");
        return switch (text) {
            case "#" -> hash(tokens, index);
            case "~" ->
                    sign(
                            beforeNumber ? "about" : tokens.is(index + 1, '/') ? "tilde" : "",
                            index + 1);
            case "-", "–" -> minus(tokens, index);
            case "*" -> times(tokens, index);
            case "<", ">" -> angle(tokens, index, text);
            case "/" -> slash(tokens, index);
            case "." -> point(tokens, index);
            default -> {
                if (CURRENCIES.contains(text)) {
                    Currencies.Sign currency = Currencies.at(tokens, index, tables.currencies());
                    List<String> names = tables.currencies().get(currency.currency());
                    yield names == null
                            ? null
                            : new Match(new Item.Words(names.getFirst()), index + 1);
                }
                String key = ALWAYS.get(text);
                yield key == null ? null : sign(key, index + 1);
            }
        };
    }

    /** {@code 3 x 4 = 12}, {@code 8½ x 11}: a letter that is a sign between numbers. */
    private @Nullable Match cross(Tokens tokens, int index) {
        int before = tokens.backOverSpace(index - 1);
        int after = tokens.skipSpace(index + 1);
        boolean between =
                tokens.is(index, "x")
                        && (tokens.number(before)
                                || Slashes.vulgar(tokens, before) != null
                                // 10 cm x 15 cm
                                || tables.units().containsKey(tokens.text(before))
                                        && tokens.number(tokens.backOverSpace(before - 1)))
                        && tokens.number(after)
                        && tokens.space(index - 1) == tokens.space(index + 1)
                        && !(tokens.is(before, "0") && before == index - 1); // 0x10
        int behind = tokens.skipSpace(after + 1);
        return between
                ? new Match(new Item.Sign(tokens.is(behind, '=') ? "times" : "by"), index + 1)
                : null;
    }

    private Match sign(String key, int next) {
        return new Match(key.isEmpty() ? new Item.Words("") : new Item.Sign(key), next);
    }

    /** {@code x^2}, {@code 2**8}, {@code x²}. */
    private static @Nullable Match power(Tokens tokens, int index) {
        boolean base =
                tokens.word(index - 1) || tokens.number(index - 1) || tokens.is(index - 1, ')');
        if (!base) {
            return null;
        }
        StringBuilder raised = new StringBuilder();
        int next = index;
        while (tokens.length(next) == 1
                && RAISED.indexOf(tokens.text(next)) >= 0
                && raised.length() < 9) {
            raised.append("0123456789-".charAt(RAISED.indexOf(tokens.text(next))));
            next++;
        }
        if (next > index) {
            return raised.toString().equals("-")
                    ? null
                    : new Match(new Item.Power(raised.toString()), next);
        }
        int exponent =
                tokens.is(index, '^')
                        ? index + 1
                        : tokens.is(index, '*') && tokens.is(index + 1, '*') ? index + 2 : 0;
        if (exponent == 0) {
            return null;
        }
        boolean minus = tokens.in(exponent, "-−");
        int value = minus ? exponent + 1 : exponent;
        boolean fits = tokens.number(value) || tokens.word(value) && tokens.length(value) <= 2;
        return fits && tokens.length(value) <= 9
                ? new Match(new Item.Power((minus ? "-" : "") + tokens.text(value)), value + 1)
                : null;
    }

    /** {@code .NET}, {@code .env}: a name that begins with a point. */
    private @Nullable Match point(Tokens tokens, int index) {
        boolean before =
                tokens.kind(index - 1) == Tokens.Kind.EDGE
                        || tokens.space(index - 1)
                        || tokens.in(index - 1, "(\"'“‘");
        boolean name =
                tokens.word(index + 1)
                        && tokens.length(index + 1) > 1
                        && (tokens.capitals(index + 1) || !tokens.capitalised(index + 1));
        return before && name ? new Match(new Item.Sign("dot"), index + 1) : null;
    }

    private @Nullable Match hash(Tokens tokens, int index) {
        if (tokens.number(index + 1) && tokens.word(index + 2)) {
            // #100DaysOfCode
            return new Match(new Item.Words(tables.word("hashtag")), index + 1);
        }
        if (tokens.number(index + 1)) {
            return new Match(new Item.Sign("number"), index + 1);
        }
        if (!tokens.word(index + 1) || tokens.length(index + 1) > 60) {
            return sign("number", index + 1);
        }
        // #MachineLearning is two words
        String words = tokens.text(index + 1).replaceAll("(?<=\\p{Ll})(?=\\p{Lu})", " ");
        return new Match(new Item.Words(tables.word("hashtag") + " " + words), index + 2);
    }

    /** A hyphen with spaces between two numbers is a minus. */
    private static @Nullable Match minus(Tokens tokens, int index) {
        if (tokens.is(index, '–')) {
            return ends(tokens, index) ? new Match(new Item.Sign("to"), index + 1) : null;
        }
        int end = index;
        while (tokens.is(end, '-') && end < index + 80) {
            end++;
        }
        if (end > index + 1) {
            return new Match(new Item.Words(end > index + 3 ? "" : "—"), end);
        }
        if (ends(tokens, index)) {
            return new Match(new Item.Sign("to"), index + 1);
        }
        boolean zone = tokens.is(index - 1, "UTC") || tokens.is(index - 1, "GMT");
        if (zone && tokens.number(index + 1)) {
            return new Match(new Item.Sign("minus"), index + 1);
        }
        boolean spaced = tokens.space(index - 1) && tokens.space(index + 1);
        int before = tokens.backOverSpace(index - 1);
        int after = tokens.skipSpace(index + 1);
        boolean sum =
                (tokens.number(before) || algebraic(tokens, before))
                        && (tokens.number(after) || algebraic(tokens, after));
        boolean variables =
                variable(tokens, before)
                        && (!spaced && before == index - 1 && tokens.number(index + 1)
                                || spaced && variable(tokens, after));
        boolean equation =
                variables
                        || sum
                                && (spaced && (tokens.number(before) || tokens.number(after))
                                        || tokens.is(tokens.skipSpace(after + 1), '='));
        return equation ? new Match(new Item.Sign("minus"), index + 1) : null;
    }

    /** {@code Q1–Q4}, {@code 1990-present}, {@code noon-1pm}: a range whose ends have letters. */
    private static boolean ends(Tokens tokens, int index) {
        boolean numbered =
                tokens.number(index - 1)
                        && tokens.word(index - 2)
                        && tokens.length(index - 2) <= 2
                        && tokens.number(index + 2)
                        && tokens.capitalised(index + 1)
                        && tokens.text(index - 2).equals(tokens.text(index + 1))
                        && !tokens.word(index + 3);
        return numbered
                || Romans.range(tokens, index)
                || tokens.number(index - 1)
                        && (tokens.length(index - 1) == 4
                                || MIDDAYS.contains(tokens.text(index + 1)))
                        && LAST.contains(tokens.text(index + 1))
                || MIDDAYS.contains(String.valueOf(Context.lower(tokens, index - 1)))
                        && tokens.number(index + 1);
    }

    /** {@code n-1}, {@code x - y}: a small letter that is no word. */
    private static boolean variable(Tokens tokens, int index) {
        return tokens.length(index) == 1
                && tokens.in(index, "nxykz")
                && !Context.glued(tokens, index)
                && !tokens.in(index - 1, "-'’.")
                && !tokens.in(index + 1, ".'’");
    }

    private static boolean algebraic(Tokens tokens, int index) {
        return tokens.word(index)
                && tokens.length(index) == 1
                && "abcnmxyzABCNMXYZ".contains(tokens.text(index))
                && !tokens.in(index + 1, ".'");
    }

    private Match times(Tokens tokens, int index) {
        int before = tokens.backOverSpace(index - 1);
        int after = tokens.skipSpace(index + 1);
        boolean product =
                (tokens.number(before) || algebraic(tokens, before) || tokens.is(before, ')'))
                        && (tokens.number(after)
                                || algebraic(tokens, after)
                                || tokens.is(after, '('));
        return sign(product ? "times" : "", index + 1);
    }

    /** Brackets around an address or a name are silent; between amounts they compare. */
    private Match angle(Tokens tokens, int index, String text) {
        boolean less = text.equals("<");
        boolean left = tokens.word(index - 1) || tokens.number(index - 1);
        boolean right = tokens.word(index + 1) || tokens.number(index + 1);
        boolean silent =
                less
                        ? !left && (tokens.word(index + 1) || tokens.is(index + 1, '/'))
                        : !right && !tokens.space(index - 1) && opened(tokens, index);
        return sign(silent ? "" : less ? "less" : "greater", index + 1);
    }

    private static boolean opened(Tokens tokens, int index) {
        for (int i = index - 1; i >= 0 && i > index - 60 && !tokens.space(i); i--) {
            if (tokens.is(i, '<')) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Match slash(Tokens tokens, int index) {
        if (Slashes.division(tokens, index - 1)) {
            return sign("divided", index + 1);
        }
        // 24h/24, 7j/7 in French
        if (tokens.number(index + 1)
                && (tokens.is(index - 1, "h") || tokens.is(index - 1, "j"))
                && tokens.number(index - 2)
                && tables.locale().getLanguage().equals("fr")) {
            return sign("out-of", index + 1);
        }
        // 1500 €/mois
        if (tokens.in(index - 1, "$€£")
                && tokens.word(index + 1)
                && !Units.per(tables, tokens, index)) {
            return sign("per", index + 1);
        }
        // 5 L/100 km
        boolean rateOfMany =
                tables.units().containsKey(tokens.text(index - 1))
                        && tokens.number(tokens.backOverSpace(index - 2))
                        && tokens.number(index + 1)
                        && !Units.at(tables, tokens, tokens.skipSpace(index + 2)).isEmpty();
        if (rateOfMany) {
            return sign("per", index + 1);
        }
        boolean before =
                tokens.word(index - 1) || tokens.number(index - 1) || tokens.in(index - 1, "$€£");
        if (!before || tokens.space(index + 1)) {
            boolean sum =
                    tokens.number(tokens.backOverSpace(index - 1))
                            && tokens.number(tokens.skipSpace(index + 1));
            if (sum) {
                return sign("divided", index + 1);
            }
            return tokens.space(index + 1) && tokens.space(index - 1)
                    ? new Match(new Item.Words(","), index + 1)
                    : sign("slash", index + 1);
        }
        if (Units.per(tables, tokens, index)) {
            String unit = Units.at(tables, tokens, index + 1);
            String name =
                    tables.units().getOrDefault(unit, List.of(unit)).getFirst().replace("~", "");
            return new Match(
                    new Item.Words(tables.word("per") + " " + name),
                    tokens.indexAt(tokens.start(index + 1) + unit.length()));
        }
        boolean rate =
                tables.english()
                        && PERIODS.contains(tokens.text(index + 1))
                        && tokens.word(index - 1)
                        && tokens.text(index - 1).endsWith("s")
                        && tokens.number(tokens.backOverSpace(index - 2));
        if (rate) {
            return sign("per", index + 1); // 7 days/week
        }
        if (tokens.number(index - 1) && tokens.word(index + 1) && tokens.length(index + 1) > 1) {
            return sign("per", index + 1);
        }
        return sign("slash", index + 1);
    }
}
