package dev.parlo.engine.text.items;

import dev.parlo.engine.text.language.Genders;
import dev.parlo.engine.text.language.LanguageTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads amounts, ranges of them, decades, years and sides: {@code 20-25°C}, {@code 3x4}. */
final class Ranges implements ItemRule {
    /** German articles, by the form of the ordinal that follows them. */
    private static final Map<String, Item.Inflection> GERMAN =
            Map.ofEntries(
                    Map.entry("der", Item.Inflection.NOMINATIVE),
                    Map.entry("die", Item.Inflection.NOMINATIVE),
                    Map.entry("das", Item.Inflection.NOMINATIVE),
                    Map.entry("eine", Item.Inflection.NOMINATIVE),
                    Map.entry("jede", Item.Inflection.NOMINATIVE),
                    Map.entry("jeder", Item.Inflection.NOMINATIVE),
                    Map.entry("jedes", Item.Inflection.NOMINATIVE),
                    Map.entry("dieser", Item.Inflection.NOMINATIVE),
                    Map.entry("diese", Item.Inflection.NOMINATIVE),
                    Map.entry("dieses", Item.Inflection.NOMINATIVE),
                    Map.entry("ins", Item.Inflection.NOMINATIVE),
                    Map.entry("ans", Item.Inflection.NOMINATIVE),
                    Map.entry("aufs", Item.Inflection.NOMINATIVE),
                    Map.entry("fürs", Item.Inflection.NOMINATIVE),
                    Map.entry("jedem", Item.Inflection.OBLIQUE),
                    Map.entry("jeden", Item.Inflection.OBLIQUE),
                    Map.entry("diesem", Item.Inflection.OBLIQUE),
                    Map.entry("diesen", Item.Inflection.OBLIQUE),
                    Map.entry("dem", Item.Inflection.OBLIQUE),
                    Map.entry("den", Item.Inflection.OBLIQUE),
                    Map.entry("des", Item.Inflection.OBLIQUE),
                    Map.entry("im", Item.Inflection.OBLIQUE),
                    Map.entry("am", Item.Inflection.OBLIQUE),
                    Map.entry("zum", Item.Inflection.OBLIQUE),
                    Map.entry("zur", Item.Inflection.OBLIQUE),
                    Map.entry("vom", Item.Inflection.OBLIQUE),
                    Map.entry("beim", Item.Inflection.OBLIQUE),
                    Map.entry("einem", Item.Inflection.OBLIQUE),
                    Map.entry("einer", Item.Inflection.OBLIQUE),
                    Map.entry("seinem", Item.Inflection.OBLIQUE),
                    Map.entry("ihrem", Item.Inflection.OBLIQUE));

    /** What has the endings of "ein" before itself and leaves them to the ordinal. */
    private static final Set<String> LIKE_EIN =
            Set.of("ein", "kein", "mein", "dein", "sein", "ihr", "unser", "euer");

    private static final Set<String> BEFORE_DATIVE =
            Set.of("in", "mit", "zu", "bei", "nach", "aus", "seit", "von", "ab", "vor", "auf");

    private static final Set<String> FISCAL = Set.of("FY", "CY", "MY");

    private final LanguageTables tables;
    private final Context context;
    private final Amounts amounts;
    private final Times times;
    private final NumberReader numbers;
    private final Years years;
    private final NumberNames names;

    Ranges(
            LanguageTables tables,
            Context context,
            NumberReader numbers,
            Amounts amounts,
            Times times) {
        this.tables = tables;
        this.context = context;
        this.amounts = amounts;
        this.times = times;
        this.numbers = numbers;
        this.years = new Years(tables);
        this.names = new NumberNames(tables, context);
    }

    @Override
    public @Nullable Match at(Tokens tokens, int index) {
        Match decade = years.decade(tokens, index);
        if (decade != null) {
            Match last =
                    tokens.in(decade.next(), "-–") ? years.decade(tokens, decade.next() + 1) : null;
            if (last != null
                    && decade.item() instanceof Item.Decade
                    && last.item() instanceof Item.Decade) {
                return new Match(new Item.Range(decade.item(), last.item()), last.next());
            }
            return decade;
        }
        if (tokens.number(index) && tokens.word(index - 1) && Context.glued(tokens, index)) {
            // MP3, B2B: the digits of a name; nothing that follows is their unit
            NumberReader.Read read = numbers.read(tokens, index);
            if (FISCAL.contains(tokens.text(index - 1)) && tokens.length(index) == 4) {
                return new Match(new Item.Year(Quantity.of(tokens.text(index))), index + 1);
            }
            return read == null ? null : names.glued(tokens, index, read);
        }
        Match name = names.at(tokens, index);
        if (name != null) {
            return name;
        }
        if (tokens.number(index)
                && tokens.is(index + 1, "p")
                && tokens.length(index) >= 3
                && tokens.length(index) <= 4) {
            // lines of a picture: 1080p
            return new Match(
                    new Item.By(List.of(Quantity.of(tokens.text(index))), "", false), index + 1);
        }
        Match left = amount(tokens, index);
        if (left == null) {
            return null;
        }
        Match other = left.item() instanceof Item.Time ? null : times.other(tokens, index);
        if (other != null) {
            return other;
        }
        Match angle = angle(tokens, index);
        if (angle != null) {
            return angle;
        }
        Match height = height(tokens, index);
        if (height != null) {
            Match second =
                    tokens.in(height.next(), "-–") ? height(tokens, height.next() + 1) : null;
            return second == null
                    ? height
                    : new Match(new Item.Range(height.item(), second.item()), second.next());
        }
        Match sides = sides(tokens, index);
        if (sides != null) {
            return sides;
        }
        int dash = dash(tokens, left.next());
        // of 1-2-3 and Llama-2-7b the second number ends no range
        boolean middle =
                tokens.in(index - 1, "-–") && (tokens.number(index - 2) || tokens.word(index - 2));
        if (dash > 0 && !middle) {
            Match right = amount(tokens, tokens.skipSpace(dash + 1));
            if (right != null
                    && !chained(tokens, right.next())
                    && fits(left.item(), right.item())) {
                boolean minus =
                        equation(tokens, index, right.next())
                                || tokens.is(dash, '−')
                                || tokens.space(dash - 1) && falls(left.item(), right.item());
                if (!minus && said(left.item(), right.item())) {
                    return new Match(pair(left.item(), right.item()), right.next());
                }
                if (!minus) {
                    return new Match(
                            new Item.Range(left.item(), described(tokens, index, right)),
                            right.next());
                }
            }
        }
        return counted(tokens, index, years.known(tokens, index, left));
    }

    /** {@code 50-50}, {@code 24-7}: numbers that are said one after the other. */
    private static boolean said(Item left, Item right) {
        return left instanceof Item.Number(Quantity from, boolean perhapsFrom)
                && right instanceof Item.Number(Quantity to, boolean perhapsTo)
                && (from.whole().equals("50") && to.whole().equals("50")
                        || from.whole().equals("24") && to.whole().equals("7"))
                && from.isWhole()
                && to.isWhole();
    }

    private static Item pair(Item left, Item right) {
        return new Item.Pair(((Item.Number) left).quantity(), ((Item.Number) right).quantity());
    }

    /** The end of a range that describes what follows it as a whole: "a $5-$10 fee". */
    private Item described(Tokens tokens, int index, Match right) {
        if (!context.describes(tokens, index, right.next())) {
            return right.item();
        }
        return switch (right.item()) {
            case Item.Money(Quantity amount, String currency, String scale, boolean ignored) ->
                    new Item.Money(amount, currency, scale, true);
            case Item.Measure(Quantity amount, String unit, boolean ignored) ->
                    new Item.Measure(amount, unit, true);
            default -> right.item();
        };
    }

    /** A number with its noun behind it, where numbers follow genders or ordinals have a stop. */
    private Match counted(Tokens tokens, int index, Match match) {
        int next = match.next();
        if (tables.english()
                || !(match.item() instanceof Item.Number(Quantity quantity, boolean perhaps))
                || !quantity.isWhole()
                || quantity.negative()) {
            return match;
        }
        if (tables.word("ordinal-dot").equals(".")) {
            String before = Context.wordBefore(tokens, index);
            boolean ordinal =
                    quantity.whole().length() <= 3
                            && tokens.is(next, '.')
                            && tokens.space(next + 1)
                            && tokens.word(next + 2);
            Item.Inflection inflection =
                    ordinal ? inflection(tokens, index, before, next + 2) : null;
            if (inflection != null) {
                return new Match(new Item.Ordinal(quantity, inflection), next + 1);
            }
            // "1 Stunde", but "Kapitel 1 Anfang"
            boolean one =
                    quantity.isOne()
                            && tokens.space(next)
                            && tokens.capitalised(next + 1)
                            && !tokens.capitals(next + 1)
                            && (!tokens.capitalised(tokens.backOverSpace(index - 1))
                                    || BEFORE_DATIVE.contains(before));
            return one
                    ? new Match(
                            new Item.Counted(
                                    quantity,
                                    String.valueOf(Context.lower(tokens, next + 1)),
                                    before),
                            next)
                    : match;
        }
        String noun = tokens.space(next) ? Context.lower(tokens, next + 1) : null;
        if (noun == null) {
            return match;
        }
        boolean plural =
                !tokens.capitalised(next + 1)
                        && !quantity.bareFour()
                        && Context.countable(noun)
                        && (quantity.isOne()
                                || noun.length() > 2
                                        && "sieae".indexOf(noun.charAt(noun.length() - 1)) >= 0);
        return plural
                ? new Match(
                        new Item.Counted(quantity, noun, Context.wordBefore(tokens, index)), next)
                : match;
    }

    /**
     * The form of a German ordinal by the article before it and the gender of its noun; null where
     * the number with its full stop is none.
     */
    private Item.@Nullable Inflection inflection(
            Tokens tokens, int index, String before, int nounAt) {
        String noun = tokens.text(nounAt).toLowerCase(Locale.ROOT);
        Genders.Gender gender = tables.genders().of(noun);
        Item.Inflection behind = tokens.length(nounAt) > 2 ? GERMAN.get(before) : null;
        boolean known = tokens.capitalised(nounAt) && gender != null;
        if (LIKE_EIN.contains(before) && known) {
            return gender == Genders.Gender.NEUTER
                    ? Item.Inflection.NEUTER
                    : Item.Inflection.MASCULINE;
        }
        // "in der 2. Runde": "der" is an article of the third case before a feminine
        if (before.equals("der") && known && gender == Genders.Gender.FEMININE) {
            return Item.Inflection.OBLIQUE;
        }
        if (behind != null) {
            return behind;
        }
        if (gender == null || !tokens.capitalised(nounAt) || !tables.ordered().contains(noun)) {
            return null;
        }
        boolean dative = BEFORE_DATIVE.contains(before);
        return switch (gender) {
            case FEMININE -> dative ? Item.Inflection.MASCULINE : Item.Inflection.NOMINATIVE;
            case MASCULINE -> dative ? Item.Inflection.DATIVE : Item.Inflection.MASCULINE;
            case NEUTER -> dative ? Item.Inflection.DATIVE : Item.Inflection.NEUTER;
        };
    }

    private @Nullable Match amount(Tokens tokens, int index) {
        Match time = tokens.number(index) ? times.read(tokens, index) : null;
        return time != null ? time : amounts.read(tokens, index);
    }

    /** The index of a dash between two amounts, with a space on both sides or on none; or 0. */
    private static int dash(Tokens tokens, int index) {
        boolean space = tokens.space(index);
        int at = tokens.skipSpace(index);
        return tokens.in(at, "-–—‒−~～") && space == tokens.space(at + 1) ? at : 0;
    }

    /** {@code 1-2-3} is no range. */
    private static boolean chained(Tokens tokens, int next) {
        return tokens.in(next, "-–") && tokens.number(next + 1);
    }

    private static boolean fits(Item left, Item right) {
        boolean number = left instanceof Item.Number || left instanceof Item.Scaled;
        return switch (right) {
            case Item.Number r ->
                    left instanceof Item.Number
                            || left instanceof Item.Money
                            || left instanceof Item.Time;
            case Item.Scaled r -> number || left instanceof Item.Money;
            case Item.Money r ->
                    number || left instanceof Item.Money l && l.currency().equals(r.currency());
            case Item.Measure r -> number || left instanceof Item.Measure;
            case Item.Multiple r -> number || left instanceof Item.Multiple;
            case Item.Ordinal r -> left instanceof Item.Ordinal || left instanceof Item.Number;
            case Item.Time r -> left instanceof Item.Time || left instanceof Item.Number;
            default -> false;
        };
    }

    private static boolean equation(Tokens tokens, int index, int next) {
        return tokens.is(tokens.skipSpace(next), '=')
                || tokens.in(tokens.backOverSpace(index - 1), "=+*×÷/");
    }

    private static boolean falls(Item left, Item right) {
        return left instanceof Item.Number(Quantity from, boolean perhapsFrom)
                && right instanceof Item.Number(Quantity to, boolean perhapsTo)
                && from.small() > to.small()
                && !(perhapsFrom && perhapsTo);
    }

    /** Degrees, minutes and seconds of an angle: {@code 40°26′46″}. */
    private static @Nullable Match angle(Tokens tokens, int index) {
        boolean minutes =
                tokens.number(index)
                        && tokens.is(index + 1, '°')
                        && tokens.number(index + 2)
                        && tokens.in(index + 3, "'′’");
        if (!minutes) {
            return null;
        }
        List<Item.Measure> parts = new ArrayList<>();
        parts.add(new Item.Measure(Quantity.of(tokens.text(index)), "°", false));
        parts.add(new Item.Measure(Quantity.of(tokens.text(index + 2)), "min", false));
        boolean seconds = tokens.number(index + 4) && tokens.in(index + 5, "\"″”");
        if (seconds) {
            parts.add(new Item.Measure(Quantity.of(tokens.text(index + 4)), "s", false));
        }
        return new Match(new Item.Several(parts), seconds ? index + 6 : index + 4);
    }

    /** Feet and inches: {@code 5'10"}. */
    private @Nullable Match height(Tokens tokens, int index) {
        Match stones = stones(tokens, index);
        if (stones != null) {
            return stones;
        }
        Match spelled = feetAndInches(tokens, index);
        if (spelled != null) {
            return spelled;
        }
        boolean feet =
                tokens.number(index)
                        && tokens.length(index) <= 2
                        && tokens.in(index + 1, "'′’")
                        && tokens.number(index + 2)
                        && tokens.length(index + 2) <= 2
                        && (tokens.in(index + 3, "\"″”")
                                || tokens.is(index + 3, '\'') && tokens.is(index + 4, '\'')
                                || person(tokens, index));
        if (!feet) {
            return null;
        }
        if (person(tokens, index)) {
            return heightOf(tokens, index, index + 2, index + 3);
        }
        return heightOf(
                tokens, index, index + 2, tokens.is(index + 3, '\'') ? index + 5 : index + 4);
    }

    /** {@code 15 st 4 lb}. */
    private @Nullable Match stones(Tokens tokens, int index) {
        int unit = tokens.skipSpace(index + 1);
        int number = tokens.skipSpace(unit + 1);
        int pounds = tokens.skipSpace(number + 1);
        boolean both =
                tables.english()
                        && tokens.number(index)
                        && tokens.is(unit, "st")
                        && tokens.number(number)
                        && tokens.length(number) <= 2
                        && (tokens.is(pounds, "lb") || tokens.is(pounds, "lbs"))
                        && !tokens.word(pounds + 1);
        return both
                ? new Match(
                        new Item.Several(
                                List.of(
                                        new Item.Measure(
                                                Quantity.of(tokens.text(index)), "st", false),
                                        new Item.Measure(
                                                Quantity.of(tokens.text(number)), "lb", false))),
                        pounds + 1)
                : null;
    }

    /** {@code 6'4}, as tall as people are, where the second mark is left out. */
    private static boolean person(Tokens tokens, int index) {
        return tokens.length(index) == 1
                && tokens.in(index, "4567")
                && Quantity.of(tokens.text(index + 2)).small() < 12
                && !tokens.in(index - 1, "'\"‘“")
                && (tokens.space(index + 3)
                        || tokens.kind(index + 3) == Tokens.Kind.EDGE
                        || tokens.in(index + 3, ".,;)") && !tokens.number(index + 4));
    }

    /** {@code 6 ft 2 in}, {@code 5ft 10in}. */
    private @Nullable Match feetAndInches(Tokens tokens, int index) {
        int unit = tokens.skipSpace(index + 1);
        int number = tokens.skipSpace(tokens.is(unit + 1, '.') ? unit + 2 : unit + 1);
        int inches = tokens.skipSpace(number + 1);
        boolean both =
                tables.english()
                        && tokens.number(index)
                        && tokens.is(unit, "ft")
                        && tokens.number(number)
                        && tokens.length(number) <= 2
                        && tokens.is(inches, "in")
                        && !tokens.word(inches + 1)
                        && !tokens.is(inches + 1, '.');
        return both ? heightOf(tokens, index, number, inches + 1) : null;
    }

    private static Match heightOf(Tokens tokens, int feet, int inches, int next) {
        return new Match(
                new Item.Several(
                        List.of(
                                new Item.Measure(Quantity.of(tokens.text(feet)), "ft", false),
                                new Item.Measure(Quantity.of(tokens.text(inches)), "\"", false))),
                next);
    }

    /** {@code 1920x1080}, {@code 3 x 4 x 5}. */
    private @Nullable Match sides(Tokens tokens, int index) {
        List<Quantity> sides = new ArrayList<>();
        int at = index;
        int next = index;
        while (tokens.number(at) && sides.size() < 4) {
            sides.add(Quantity.of(tokens.text(at)));
            next = at + 1;
            int cross = tokens.skipSpace(next);
            if (!tokens.is(cross, "x") && !(tokens.is(cross, '×') && cross == next)) {
                break;
            }
            at = tokens.skipSpace(cross + 1);
            if (tokens.space(next) != tokens.space(cross + 1)) {
                break;
            }
        }
        boolean equation = tokens.is(tokens.skipSpace(next), '=');
        if (sides.size() < 2 || tokens.is(next, "x") || equation) {
            return null;
        }
        return amounts.unit(tokens, index, sides.getLast(), next)
                        instanceof
                        Match(Item.Measure(Quantity q, String unit, boolean describes), int end)
                ? new Match(new Item.By(sides, unit, describes), end)
                : new Match(new Item.By(sides, "", false), next);
    }
}
