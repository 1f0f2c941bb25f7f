package dev.parlo.engine.text.items;

import dev.parlo.engine.text.language.LanguageTables;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads days of the calendar: in figures by the order of the language, and with a month's name. */
final class Dates implements ItemRule {
    private static final Set<String> BEFORE_DAYS =
            Set.of("on", "by", "since", "until", "till", "from", "due", "dated", "before", "after");

    private static final Set<String> BEFORE_ROMANCE_DAYS =
            Set.of("le", "du", "au", "el", "del", "al", "il", "dal", "dia", "día", "em", "até");

    private static final Set<String> ARTICLES =
            Set.of(
                    "the", "am", "vom", "zum", "dem", "den", "des", "im", "beim", "ab", "seit",
                    "bis");

    private final LanguageTables tables;

    Dates(LanguageTables tables) {
        this.tables = tables;
    }

    @Override
    public @Nullable Match at(Tokens tokens, int index) {
        Match from = date(tokens, index);
        if (from == null) {
            return null;
        }
        // Jan. 3 – Feb. 4
        boolean space = tokens.space(from.next());
        int dash = tokens.skipSpace(from.next());
        boolean range = tokens.in(dash, "-–—") && tokens.space(dash + 1) == space;
        Match to = range ? date(tokens, tokens.skipSpace(dash + 1)) : null;
        return to == null ? from : new Match(new Item.Range(from.item(), to.item()), to.next());
    }

    private @Nullable Match date(Tokens tokens, int index) {
        if (Context.glued(tokens, index)) {
            return null;
        }
        if (tokens.word(index)) {
            return tables.english() ? month(tokens, index) : null;
        }
        if (!tokens.number(index)) {
            return null;
        }
        Match figures = figures(tokens, index);
        return figures != null ? figures : day(tokens, index);
    }

    private static int value(Tokens tokens, int index, int digits) {
        return tokens.number(index) && tokens.length(index) <= digits
                ? Integer.parseInt(Quantity.ascii(tokens.text(index)))
                : -1;
    }

    private static boolean day(int day) {
        return day >= 1 && day <= 31;
    }

    private static boolean month(int month) {
        return month >= 1 && month <= 12;
    }

    /** {@code 2024-05-14}, {@code 05/14/2024}, {@code 14.5.24}, {@code 5/14} behind "on". */
    private @Nullable Match figures(Tokens tokens, int index) {
        if (!tokens.in(index + 1, "-/.") || !tokens.number(index + 2)) {
            return null;
        }
        char mark = tokens.text(index + 1).charAt(0);
        boolean three = tokens.is(index + 3, mark) && tokens.number(index + 4);
        if (!three) {
            return switch (mark) {
                case '/' -> {
                    Match year = monthAndYear(tokens, index);
                    yield year != null ? year : dayAndMonth(tokens, index);
                }
                case '.' -> dotted(tokens, index);
                default -> null;
            };
        }
        int next = index + 5;
        if (tokens.in(next, "-/.") && tokens.number(next + 1)
                || tokens.word(next) && !tokens.is(next, "T")) {
            return null;
        }
        int first = value(tokens, index, 4);
        int second = value(tokens, index + 2, 2);
        int third = value(tokens, index + 4, 4);
        if (tokens.is(next, "T") && tokens.number(next + 1)) {
            next++;
        }
        if (tokens.length(index) == 4) {
            return third <= 31 && tokens.length(index + 4) <= 2 && month(second) && day(third)
                    ? dated(tokens, index, tokens.text(index), second, third, next)
                    : null;
        }
        boolean shortYear = tokens.length(index + 4) == 2 && (mark != '-' || first > 12);
        if (first < 0 || second < 0 || tokens.length(index + 4) != 4 && !shortYear) {
            return null;
        }
        if (mark == '.' && shortYear && tables.decimal() == '.') {
            return null; // 1.2.34 is a version
        }
        String year =
                shortYear
                        ? (third < 50 ? "20" : "19") + Quantity.ascii(tokens.text(index + 4))
                        : tokens.text(index + 4);
        boolean monthFirst = tables.dates().equals("mdy") && mark != '.';
        if (monthFirst && month(first) && day(second)) {
            return dated(tokens, index, year, first, second, next);
        }
        if (month(second) && day(first)) {
            return dated(tokens, index, year, second, first, next);
        }
        return month(first) && day(second) ? dated(tokens, index, year, first, second, next) : null;
    }

    /** Of figures; whether an article stands before them matters to languages with cases. */
    private Match dated(Tokens tokens, int index, String year, int month, int day, int next) {
        Item.DateForm form =
                tables.dates().equals("mdy")
                        ? Item.DateForm.MONTH_FIRST
                        : tables.english() ? Item.DateForm.DAY_FIRST : form(tokens, index);
        return new Match(new Item.Date(Quantity.of(year), month, day, 0, form), next);
    }

    /** How a day that comes first is said behind the word before it. */
    private static Item.DateForm form(Tokens tokens, int index) {
        String before = Context.wordBefore(tokens, index);
        if (before.equals("der")) {
            return Item.DateForm.NOMINATIVE;
        }
        return ARTICLES.contains(before) ? Item.DateForm.BEHIND_ARTICLE : Item.DateForm.DAY_FIRST;
    }

    /** {@code 12/2024}. */
    private static @Nullable Match monthAndYear(Tokens tokens, int index) {
        int month = value(tokens, index, 2);
        int year = value(tokens, index + 2, 4);
        boolean fits =
                month(month)
                        && tokens.length(index + 2) == 4
                        && year >= 1900
                        && year < 2100
                        && !tokens.in(index + 3, "/")
                        && !goesOn(tokens, index + 3);
        return fits
                ? new Match(
                        new Item.Date(
                                Quantity.of(tokens.text(index + 2)),
                                month,
                                0,
                                0,
                                Item.DateForm.MONTH_FIRST),
                        index + 3)
                : null;
    }

    /** {@code 24.12.} as Germans write a day without its year. */
    private @Nullable Match dotted(Tokens tokens, int index) {
        int day = value(tokens, index, 2);
        int month = value(tokens, index + 2, 2);
        if (!tables.word("ordinal-dot").equals(".")
                || !tokens.is(index + 3, '.')
                || tokens.word(index + 4)
                || !day(day)
                || !month(month)) {
            return null;
        }
        // at the end of a sentence the last full stop is the sentence's too
        boolean last =
                tokens.kind(tokens.skipSpace(index + 4)) == Tokens.Kind.EDGE
                        || tokens.in(index + 4, "\"'”’)");
        return new Match(
                new Item.Date(null, month, day, 0, form(tokens, index)),
                last ? index + 3 : index + 4);
    }

    private @Nullable Match dayAndMonth(Tokens tokens, int index) {
        int first = value(tokens, index, 2);
        int second = value(tokens, index + 2, 2);
        boolean monthFirst = tables.dates().equals("mdy");
        int month = monthFirst ? first : second;
        int day = monthFirst ? second : first;
        // le 14/07
        boolean romance =
                !tables.english()
                        && tables.dates().equals("dmy")
                        && BEFORE_ROMANCE_DAYS.contains(Context.wordBefore(tokens, index))
                        && month(month)
                        && day(day)
                        && (day > 12 || tokens.text(index + 2).startsWith("0"))
                        && !tokens.is(index + 3, '/')
                        && !tokens.word(index + 3);
        if (romance) {
            return new Match(new Item.Date(null, month, day, 0, form(tokens, index)), index + 3);
        }
        if (!tables.english()
                || !month(month)
                || !day(day)
                || tokens.is(index + 3, '/')
                || tokens.is(index, "9") && tokens.is(index + 2, "11")
                || tokens.word(index + 3)
                || !BEFORE_DAYS.contains(Context.wordBefore(tokens, index))) {
            return null;
        }
        return new Match(new Item.Date(null, month, day, 0, Item.DateForm.MONTH_FIRST), index + 3);
    }

    /** {@code May 5th, 2024}; {@code May 5-7}; {@code May 2024}. */
    private @Nullable Match month(Tokens tokens, int index) {
        int month = monthAt(tokens, index);
        if (month == 0) {
            return null;
        }
        int at = tokens.is(index + 1, '.') ? index + 2 : index + 1;
        if (!tokens.space(at) || !tokens.number(at + 1)) {
            return null;
        }
        at++;
        int day = value(tokens, at, 2);
        if (day < 0) {
            return year(tokens, at)
                    ? new Match(
                            new Item.Date(
                                    Quantity.of(tokens.text(at)),
                                    month,
                                    0,
                                    0,
                                    Item.DateForm.MONTH_FIRST),
                            at + 1)
                    : null;
        }
        int next = overOrdinal(tokens, at + 1);
        int last = 0;
        if (tokens.in(next, "-–") && day(value(tokens, next + 1, 2))) {
            last = value(tokens, next + 1, 2);
            next = overOrdinal(tokens, next + 2);
        }
        if (!day(day) || last != 0 && last <= day || goesOn(tokens, next)) {
            return null;
        }
        int comma = tokens.is(next, ',') ? next + 1 : next;
        int yearAt = tokens.skipSpace(comma);
        if (yearAt > next && year(tokens, yearAt)) {
            return new Match(
                    new Item.Date(
                            Quantity.of(tokens.text(yearAt)),
                            month,
                            day,
                            last,
                            Item.DateForm.MONTH_FIRST),
                    yearAt + 1);
        }
        return new Match(new Item.Date(null, month, day, last, Item.DateForm.MONTH_FIRST), next);
    }

    /** {@code the 4th of July 1776}, {@code 1er mai}, {@code 3. Oktober}, {@code 4 de julio}. */
    private @Nullable Match day(Tokens tokens, int index) {
        int day = value(tokens, index, 2);
        if (!day(day)) {
            return null;
        }
        int next = overOrdinal(tokens, index + 1);
        int last = 0;
        if (tokens.in(next, "-–") && day(value(tokens, next + 1, 2))) {
            last = value(tokens, next + 1, 2);
            next = overOrdinal(tokens, next + 2);
        }
        String link = tables.word("day-month");
        int month = tokens.space(next) ? next + 1 : next;
        if (month == next) {
            return hyphens(tokens, index, day);
        }
        if (!link.isEmpty() && tokens.is(month, link) && tokens.space(month + 1)) {
            month += 2;
        }
        int of = monthAt(tokens, month);
        if (of == 0 || last != 0 && last <= day) {
            return null;
        }
        Item.DateForm form = form(tokens, index);
        next = month + 1;
        boolean full = tokens.text(month).equalsIgnoreCase(tables.months().get(of - 1).getFirst());
        if (tokens.is(next, '.') && !full) {
            next++;
        }
        int yearAt = tokens.is(next, ',') ? tokens.skipSpace(next + 1) : tokens.skipSpace(next);
        String yearLink = tables.word("month-year");
        if (!yearLink.isEmpty() && tokens.is(yearAt, yearLink) && tokens.space(yearAt + 1)) {
            yearAt += 2;
        }
        if (yearAt > next && year(tokens, yearAt)) {
            return new Match(
                    new Item.Date(Quantity.of(tokens.text(yearAt)), of, day, last, form),
                    yearAt + 1);
        }
        return new Match(new Item.Date(null, of, day, last, form), next);
    }

    /** {@code 12-Mar-2021}, {@code 12/Mar/21}. */
    private @Nullable Match hyphens(Tokens tokens, int index, int day) {
        int month = monthAt(tokens, index + 2);
        boolean marks =
                tokens.in(index + 1, "-/") && tokens.text(index + 1).equals(tokens.text(index + 3));
        int year = value(tokens, index + 4, 4);
        int digits = tokens.length(index + 4);
        if (month == 0
                || !marks
                || year < 0
                || digits != 2 && digits != 4
                || tokens.word(index + 5)
                || tokens.in(index + 5, "-/") && tokens.number(index + 6)) {
            return null;
        }
        String written = Quantity.ascii(tokens.text(index + 4));
        return new Match(
                new Item.Date(
                        Quantity.of(digits == 4 ? written : (year < 50 ? "20" : "19") + written),
                        month,
                        day,
                        0,
                        form(tokens, index)),
                index + 5);
    }

    /** Months must be written as the language does: "may" is a verb, and "mar" is the sea. */
    private int monthAt(Tokens tokens, int index) {
        if (!tokens.word(index)) {
            return 0;
        }
        int month = tables.month(tokens.text(index));
        boolean capital = Character.isUpperCase(tables.months().getFirst().getFirst().charAt(0));
        return month != 0 && capital && !tokens.capitalised(index) ? 0 : month;
    }

    private int overOrdinal(Tokens tokens, int index) {
        boolean ending =
                tables.abbreviations()
                        .getOrDefault("ordinal", java.util.Map.of())
                        .containsKey(tokens.text(index));
        boolean dot = tables.word("ordinal-dot").equals(".") && tokens.is(index, '.');
        return ending || dot ? index + 1 : index;
    }

    private static boolean goesOn(Tokens tokens, int next) {
        return tokens.word(next)
                || tokens.in(next, "%°$€£")
                || tokens.in(next, ":.,/-–") && tokens.number(next + 1);
    }

    private static boolean year(Tokens tokens, int index) {
        return tokens.number(index)
                && tokens.length(index) == 4
                && (tokens.text(index).startsWith("1") || tokens.text(index).startsWith("2"))
                && !goesOn(tokens, index + 1);
    }
}
