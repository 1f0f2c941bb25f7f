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

    /** Behind these Italians, Spaniards and Portuguese write hours with a point. */
    private static final Set<String> BEFORE_HOURS = Set.of("alle", "dalle", "ore", "às");

    private static final Set<String> HOURS_BEFORE =
            Set.of("at", "by", "until", "till", "before", "after", "from", "to", "since");

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
        Match lap = lap(tokens, index);
        if (lap != null) {
            return lap;
        }
        Match ratio = ratio(tokens, index);
        return ratio != null ? ratio : several(tokens, index);
    }

    /** The time that begins at a token. */
    @Nullable Match read(Tokens tokens, int index) {
        Match military = military(tokens, index);
        if (military != null) {
            return military;
        }
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
        if (half == Half.NONE && second < 0 && tokens.is(next, '.') && tokens.number(next + 1)) {
            return null; // 1:43.25 is a lap
        }
        int end = tokens.is(next, "Z") ? next + 1 : next;
        int seconds = second == 0 ? -1 : second;
        return new Match(new Item.Time(hour, minute, seconds, half), end);
    }

    /** {@code 0630 hours}, {@code 16:00h}, {@code 08:00 hrs}, in English. */
    private @Nullable Match military(Tokens tokens, int index) {
        if (!tables.english() || Context.glued(tokens, index)) {
            return null;
        }
        int hour;
        int minute;
        int next;
        if (tokens.is(index + 1, ':') && tokens.length(index + 2) == 2) {
            hour = value(tokens, index, 2, 24);
            minute = value(tokens, index + 2, 2, 59);
            next = index + 3;
        } else {
            int both = tokens.length(index) == 4 ? value(tokens, index, 4, 2400) : -1;
            boolean time =
                    both >= 0
                            && (both < 1000
                                    || HOURS_BEFORE.contains(Context.wordBefore(tokens, index)));
            hour = time ? both / 100 : -1;
            minute = time && both % 100 < 60 ? both % 100 : -1;
            next = index + 1;
        }
        int word = tokens.skipSpace(next);
        boolean hours = tokens.is(word, "h") || tokens.is(word, "hrs") || tokens.is(word, "hours");
        boolean fits = hour >= 0 && minute >= 0 && hours && !tokens.number(word + 1);
        return fits
                ? new Match(
                        new Item.Time(hour, minute, -1, Half.HOURS),
                        tokens.is(word, "hrs") ? context.overDot(tokens, word + 1) : word + 1)
                : null;
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
                                && tokens.length(index + 1) == 2
                                && beforeHours(tokens, index - 1)
                                && !tables.english()
                                && !(tokens.in(index + 2, ".,%") && tokens.number(index + 3))
                                && !tokens.is(tokens.skipSpace(index + 2), '%')
                        || tokens.is(index, '.')
                                && !tables.word("clock").isEmpty()
                                && tokens.length(index + 1) == 2
                                && !tokens.in(index + 2, ".,")
                                && tokens.space(index + 2)
                                && tokens.is(index + 3, tables.word("clock")));
    }

    /** {@code alle 20.30}, {@code a las 14.30}. */
    private static boolean beforeHours(Tokens tokens, int index) {
        String before = Context.wordBefore(tokens, index);
        return BEFORE_HOURS.contains(before)
                || before.equals("las")
                        && Set.of("a", "desde", "hasta")
                                .contains(Context.wordBefore(tokens, index - 2));
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
        int colon = decimals(tokens, index);
        int next = decimals(tokens, colon + 1);
        if (colon == 0
                || next == 0
                || !tokens.is(colon, ':')
                || tokens.in(next, ":/-") && tokens.number(next + 1)
                || tokens.word(next)) {
            return null;
        }
        Quantity left = decimal(tokens, index, colon);
        Quantity right = decimal(tokens, colon + 1, next);
        boolean verse = tables.english() && BOOKS.contains(Context.wordBefore(tokens, index));
        // ISO 9001:2015
        boolean edition =
                left.isWhole()
                        && left.whole().length() >= 3
                        && right.bareFour()
                        && right.small() >= 1900
                        && right.small() < 2100;
        return new Match(
                verse || edition ? new Item.Pair(left, right) : new Item.Ratio(left, right), next);
    }

    /** The index behind a number with or without decimals, or 0. */
    private int decimals(Tokens tokens, int index) {
        if (!tokens.number(index) || tokens.length(index) > 9) {
            return 0;
        }
        boolean fraction =
                tokens.is(index + 1, tables.decimal())
                        && tokens.number(index + 2)
                        && tokens.length(index + 2) <= 4;
        return fraction ? index + 3 : index + 1;
    }

    private static Quantity decimal(Tokens tokens, int from, int next) {
        return next == from + 1
                ? Quantity.of(tokens.text(from))
                : new Quantity(
                        false,
                        Quantity.ascii(tokens.text(from)),
                        Quantity.ascii(tokens.text(from + 2)),
                        false);
    }

    /** {@code 1:43.25}: minutes and parts of seconds, as sport counts them. */
    private @Nullable Match lap(Tokens tokens, int index) {
        int minute = value(tokens, index, 2, 59);
        boolean lap =
                minute >= 0
                        && tokens.is(index + 1, ':')
                        && tokens.length(index + 2) == 2
                        && value(tokens, index + 2, 2, 59) >= 0
                        && tokens.in(index + 3, ".,")
                        && (tokens.is(index + 3, tables.decimal()) || tokens.is(index + 3, '.'))
                        && tokens.number(index + 4)
                        && tokens.length(index + 4) <= 3
                        && !tokens.word(index + 5)
                        && !(tokens.in(index + 5, ".:") && tokens.number(index + 6));
        if (!lap) {
            return null;
        }
        Quantity seconds =
                new Quantity(
                        false,
                        Integer.toString(value(tokens, index + 2, 2, 59)),
                        Quantity.ascii(tokens.text(index + 4)),
                        false);
        Item.Measure last = new Item.Measure(seconds, "sec", false);
        return new Match(
                new Item.Several(
                        minute == 0
                                ? List.of(last)
                                : List.of(
                                        new Item.Measure(
                                                Quantity.of(Integer.toString(minute)),
                                                "min",
                                                false),
                                        last)),
                index + 5);
    }

    /** {@code 3h 20m}, {@code 2 hrs 5 min}: units from large to small. */
    private @Nullable Match several(Tokens tokens, int index) {
        List<Item.Measure> parts = new ArrayList<>();
        int at = index;
        int next = index;
        int rank = 0;
        while (tokens.number(at) && tokens.length(at) <= 6 && parts.size() < 4) {
            int unit = tokens.skipSpace(at + 1);
            // 5 min 30 s: behind another unit a letter may stand behind a space
            int of = rank(tokens.text(unit), unit == at + 1 || !parts.isEmpty());
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
