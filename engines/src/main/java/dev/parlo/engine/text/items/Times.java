package dev.parlo.engine.text.items;

import dev.parlo.engine.text.items.Item.Half;
import dev.parlo.engine.text.items.ItemRule.Match;
import dev.parlo.engine.text.language.LanguageTables;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads times of day. */
final class Times {
    /** What goes on with the time before it and begins no sentence. */
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

    /** Behind these Italians, Spaniards and Portuguese write hours with a point. */
    private static final Set<String> BEFORE_HOURS = Set.of("alle", "dalle", "ore", "às");

    private static final Set<String> HOURS_BEFORE =
            Set.of("at", "by", "until", "till", "before", "after", "from", "to", "since");

    private final LanguageTables tables;
    private final Context context;

    Times(LanguageTables tables, Context context) {
        this.tables = tables;
        this.context = context;
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
            if (minute < 0 || tokens.length(next + 1) != 2 || Ratios.near(tokens, index)) {
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
            boolean time = both >= 0 && (both < 1000 || hoursBehind(tokens, index, both));
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

    /** Not {@code up to 1250 hours} or {@code after 2000 hours of use}, which last so long. */
    private static boolean hoursBehind(Tokens tokens, int index, int number) {
        String before = Context.wordBefore(tokens, index);
        return HOURS_BEFORE.contains(before)
                && (number % 1000 > 0 || before.equals("at"))
                && !Context.wordBefore(tokens, tokens.backOverSpace(index - 1)).equals("up")
                && !tokens.is(tokens.skipSpace(tokens.skipSpace(index + 1) + 1), "of");
    }

    private static Match hourOnly(int hour, int next) {
        return new Match(new Item.Time(hour, 0, -1, Half.NONE), next);
    }

    private static boolean clockWord(Tokens tokens, int index) {
        return tokens.word(index);
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

    /** A number of at most so many digits, from 0 to {@code most}; -1 where there is none. */
    static int value(Tokens tokens, int index, int digits, int most) {
        if (!tokens.number(index) || tokens.length(index) > digits) {
            return -1;
        }
        int value = Integer.parseInt(Quantity.ascii(tokens.text(index)));
        return value <= most ? value : -1;
    }
}
