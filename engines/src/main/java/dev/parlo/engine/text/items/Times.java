package dev.parlo.engine.text.items;

import dev.parlo.engine.text.items.Item.Half;
import dev.parlo.engine.text.items.ItemRule.Match;
import dev.parlo.engine.text.language.LanguageTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads times of day, lengths of time in several units, and ratios, which look like times. */
final class Times {
    /** Words near which {@code 2:10} is no time. */
    private static final Set<String> WEEKDAYS =
            Set.of(
                    "Monday",
                    "Tuesday",
                    "Wednesday",
                    "Thursday",
                    "Friday",
                    "Saturday",
                    "Sunday",
                    "Mon",
                    "Tue",
                    "Wed",
                    "Thu",
                    "Fri",
                    "Sat",
                    "Sun");

    private static final Set<String> RATIOS =
            Set.of(
                    "ratio",
                    "odds",
                    "score",
                    "scored",
                    "scale",
                    "proportion",
                    "aspect",
                    "dilution",
                    "mixture",
                    "won",
                    "lost",
                    "beat",
                    "verhältnis",
                    "rapport",
                    "proporción",
                    "rapporto",
                    "proporção",
                    "escala",
                    "échelle",
                    "maßstab",
                    "seitenverhältnis");

    /** Books whose chapters and verses are written as times are: {@code Psalm 23:1}. */
    private static final Set<String> BOOKS =
            Set.of(
                    ("genesis exodus leviticus deuteronomy joshua judges ruth samuel kings chronicles"
                                    + " ezra nehemiah esther job psalm psalms proverbs ecclesiastes"
                                    + " isaiah jeremiah ezekiel daniel hosea joel amos jonah micah"
                                    + " malachi matthew mark luke john acts romans corinthians"
                                    + " galatians ephesians philippians colossians thessalonians"
                                    + " timothy titus hebrews james peter jude revelation")
                            .split(" "));

    private final LanguageTables tables;
    private final Context context;

    Times(LanguageTables tables, Context context) {
        this.tables = tables;
        this.context = context;
    }

    /** What begins with a number of hours but is no time of day: a length of time, a ratio. */
    @Nullable Match other(Tokens tokens, int index) {
        if (!tokens.number(index) || Context.glued(tokens, index)) {
            return null;
        }
        Match ratio = ratio(tokens, index);
        return ratio != null ? ratio : several(tokens, index);
    }

    /** The time that begins at a token. */
    @Nullable Match read(Tokens tokens, int index) {
        int hour = value(tokens, index, 2, 24);
        if (hour < 0 || Context.glued(tokens, index)) {
            return null;
        }
        int next = index + 1;
        int minute = -1;
        int second = -1;
        if (colon(tokens, next)) {
            minute = value(tokens, next + 1, 2, 59);
            if (minute < 0 || tokens.length(next + 1) != 2 || ratioNear(tokens, index)) {
                return null;
            }
            next += 2;
            if (tokens.is(next, ':') && tokens.number(next + 1)) {
                second = value(tokens, next + 1, 2, 59);
                if (second < 0 || tokens.length(next + 1) != 2) {
                    return null;
                }
                next += 2;
                if (tokens.is(next, '.') && tokens.number(next + 1)) {
                    return null;
                }
            }
        } else if (spacedHour(tokens, next)) {
            minute = value(tokens, next + 3, 2, 59);
            return new Match(new Item.Time(hour, minute, -1, Half.NONE), next + 4);
        } else if (hourLetter(tokens, next)) {
            next++;
            minute = value(tokens, next, 2, 59);
            next += minute >= 0 ? 1 : 0;
        }
        Half half = Half.NONE;
        int behind = half(tokens, next);
        if (behind > 0) {
            half = halfOf(tokens, next);
            next = behind;
        }
        String clock = tables.word("clock");
        if (!clock.isEmpty() && tokens.space(next) && tokens.is(next + 1, clock)) {
            return new Match(new Item.Time(hour, Math.max(0, minute), second, Half.NONE), next + 2);
        }
        if (!tables.english() && minute >= 0 && tokens.is(tokens.skipSpace(next), "h")) {
            next = tokens.skipSpace(next) + 1; // a las 13:00 h
        }
        boolean bare = minute < 0 && half == Half.NONE;
        if (bare && hourLetter(tokens, index + 1) && tokens.kind(index + 2) != Tokens.Kind.NUMBER) {
            return clockWord(tokens, index + 2) ? null : hourOnly(hour, next);
        }
        boolean glued = tokens.word(next) && !tokens.is(next, "Z");
        if (bare || hour > 12 && half != Half.NONE && minute < 0 || glued) {
            return null;
        }
        if (tokens.is(next, ':') && tokens.number(next + 1)) {
            return null;
        }
        int end = tokens.is(next, "Z") ? next + 1 : next;
        int seconds = second == 0 && minute == 0 ? -1 : second;
        return new Match(new Item.Time(hour, minute, seconds, half), end);
    }

    private static Match hourOnly(int hour, int next) {
        return new Match(new Item.Time(hour, 0, -1, Half.NONE), next);
    }

    private static boolean clockWord(Tokens tokens, int index) {
        return tokens.word(index);
    }

    private boolean ratioNear(Tokens tokens, int index) {
        String behind = Context.lower(tokens, index + 4);
        return Context.wordNear(tokens, index, 4, RATIOS)
                || tokens.space(index + 3) && behind != null && RATIOS.contains(behind);
    }

    /** {@code 10h30}, {@code 18h}, in the languages that write so. */
    private boolean hourLetter(Tokens tokens, int index) {
        return tokens.is(index, "h")
                && !tables.english()
                && !tables.word("hour-letter").isEmpty()
                && !(tokens.space(index + 1) && tokens.number(index + 2));
    }

    /** {@code 14 h 05}. */
    private boolean spacedHour(Tokens tokens, int index) {
        return tokens.space(index)
                && tokens.is(index + 1, "h")
                && !tables.word("hour-letter").isEmpty()
                && tokens.space(index + 2)
                && tokens.length(index + 3) == 2
                && value(tokens, index + 3, 2, 59) >= 0
                && !tokens.word(index + 4);
    }

    private boolean colon(Tokens tokens, int index) {
        return tokens.number(index + 1)
                && (tokens.is(index, ':')
                        || tokens.is(index, '.')
                                && tokens.length(index + 1) == 2
                                && half(tokens, index + 2) > 0
                        || tokens.is(index, '.')
                                && !tables.word("clock").isEmpty()
                                && tokens.length(index + 1) == 2
                                && !tokens.in(index + 2, ".,")
                                && tokens.space(index + 2)
                                && tokens.is(index + 3, tables.word("clock")));
    }

    /** The index behind "am", "p.m." and the like, or 0. */
    private int half(Tokens tokens, int index) {
        if (!tables.english()) {
            return 0;
        }
        int at = tokens.skipSpace(index);
        String word = tokens.text(at).toLowerCase(Locale.ROOT);
        if (word.equals("am") || word.equals("pm")) {
            // without a dot inside, the one behind is a full stop wherever a sentence may begin
            return tokens.is(at + 1, '.') && tokens.space(at + 2) && !mayBegin(tokens, at + 3)
                    ? context.overDot(tokens, at + 1)
                    : at + 1;
        }
        boolean letters =
                (word.equals("a") || word.equals("p"))
                        && tokens.is(at + 1, '.')
                        && tokens.text(tokens.skipSpace(at + 2)).equalsIgnoreCase("m");
        if (!letters) {
            return 0;
        }
        int m = tokens.skipSpace(at + 2);
        return context.overDot(tokens, m + 1);
    }

    /** Whether a sentence may begin here; the name of a day or a zone goes with the time. */
    private boolean mayBegin(Tokens tokens, int index) {
        String word = tokens.text(index);
        return tokens.number(index)
                || tokens.capitalised(index)
                        && !tokens.capitals(index)
                        && !WEEKDAYS.contains(word)
                        && tables.month(word) <= 0;
    }

    private static Half halfOf(Tokens tokens, int index) {
        String word = tokens.text(tokens.skipSpace(index)).toLowerCase(Locale.ROOT);
        return word.startsWith("a") ? Half.MORNING : Half.AFTERNOON;
    }

    private @Nullable Match ratio(Tokens tokens, int index) {
        if (tokens.length(index) > 9
                || !tokens.is(index + 1, ':')
                || !tokens.number(index + 2)
                || tokens.length(index + 2) > 9
                || tokens.in(index + 3, ":/-") && tokens.number(index + 4)
                || tokens.word(index + 3)) {
            return null;
        }
        Quantity left = Quantity.of(tokens.text(index));
        Quantity right = Quantity.of(tokens.text(index + 2));
        boolean verse = tables.english() && BOOKS.contains(Context.wordBefore(tokens, index));
        return new Match(
                verse ? new Item.Pair(left, right) : new Item.Ratio(left, right), index + 3);
    }

    /** {@code 3h 20m}, {@code 2 hrs 5 min}: units from large to small. */
    private @Nullable Match several(Tokens tokens, int index) {
        List<Item.Measure> parts = new ArrayList<>();
        int at = index;
        int next = index;
        int rank = 0;
        while (tokens.number(at) && tokens.length(at) <= 6 && parts.size() < 4) {
            int unit = tokens.skipSpace(at + 1);
            int of = rank(tokens.text(unit), unit == at + 1);
            if (of <= rank || tokens.number(unit + 1) && of == 4) {
                break;
            }
            rank = of;
            String name = List.of("d", "h", "min", "sec").get(of - 1);
            parts.add(new Item.Measure(Quantity.of(tokens.text(at)), name, false));
            next = unit + 1;
            at = tokens.skipSpace(next);
        }
        return parts.size() < 2 || tokens.word(next)
                ? null
                : new Match(new Item.Several(parts), next);
    }

    private static int rank(String unit, boolean glued) {
        return switch (unit) {
            case "d" -> glued ? 1 : 0;
            case "h", "hr", "hrs" -> 2;
            case "m" -> glued ? 3 : 0;
            case "min", "mins" -> 3;
            case "s" -> glued ? 4 : 0;
            case "sec", "secs" -> 4;
            default -> 0;
        };
    }

    private static int value(Tokens tokens, int index, int digits, int most) {
        if (!tokens.number(index) || tokens.length(index) > digits) {
            return -1;
        }
        int value = Integer.parseInt(Quantity.ascii(tokens.text(index)));
        return value <= most ? value : -1;
    }
}
