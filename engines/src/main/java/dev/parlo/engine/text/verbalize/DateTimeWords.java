package dev.parlo.engine.text.verbalize;

import dev.parlo.engine.text.items.Item;
import dev.parlo.engine.text.items.Quantity;
import dev.parlo.engine.text.language.LanguageTables;

/** Says years, dates and times of day in a language by its table. */
final class DateTimeWords {
    private final LanguageTables tables;
    private final IcuNumbers numbers;
    private final boolean german;
    private final boolean hindi;
    private final boolean french;

    DateTimeWords(LanguageTables tables, IcuNumbers numbers) {
        this.tables = tables;
        this.numbers = numbers;
        String language = tables.locale().getLanguage();
        this.german = language.equals("de");
        this.hindi = language.equals("hi");
        this.french = language.equals("fr");
    }

    /**
     * Only Germans read four digits as a year in two halves, and only before 2000; in Hindi such
     * years are counted in hundreds.
     */
    String year(Quantity quantity) {
        int value = quantity.bareFour() ? quantity.small() : 0;
        if (hindi && value >= 1100 && value < 2000) {
            String hundreds = small(value / 100) + " " + tables.word("hundred");
            return value % 100 == 0 ? hundreds : hundreds + " " + small(value % 100);
        }
        return german && value >= 1100 && value < 2000
                ? numbers.year(value)
                : numbers.number(quantity);
    }

    private String small(int value) {
        return numbers.number(Quantity.of(Integer.toString(value)));
    }

    String date(Item.Date date) {
        String month = tables.months().get(date.month() - 1).getFirst();
        Quantity year = date.year();
        String pattern = tables.word(date.day() == 0 ? "month" : year == null ? "day" : "date");
        String day = date.day() == 0 ? "" : day(date.day(), date.form());
        if (date.lastDay() != 0) {
            day += " " + tables.word("to") + " " + day(date.lastDay(), date.form());
        }
        return pattern.replace("{d}", day)
                .replace("{m}", month)
                .replace("{y}", year == null ? "" : year(year));
    }

    private String day(int day, Item.DateForm form) {
        if (german) {
            return numbers.ordinal(
                    day,
                    switch (form) {
                        case BEHIND_ARTICLE -> "%spellout-ordinal-n";
                        case NOMINATIVE -> "%spellout-ordinal";
                        default -> "%spellout-ordinal-r";
                    });
        }
        String first = tables.word("first-day");
        return day == 1 && !first.isEmpty()
                ? first
                : numbers.number(Quantity.of(Integer.toString(day)));
    }

    String time(Item.Time time) {
        boolean minutes = time.minute() > 0 || time.second() > 0;
        boolean one = time.hour() == 1;
        String pattern = tables.word((minutes ? "time" : "hour") + (one ? "-one" : ""));
        String words =
                pattern.replace("{h}", hour(time.hour()))
                        .replace("{m}", minutes(Math.max(0, time.minute())));
        return time.second() <= 0
                ? words
                : words
                        + tables.word("seconds")
                                .replace(
                                        "{s}",
                                        numbers.number(
                                                Quantity.of(Integer.toString(time.second()))));
    }

    /** The French count minutes, which are feminine; others say a mere number. */
    private String minutes(int minute) {
        Quantity quantity = Quantity.of(Integer.toString(minute));
        return french ? numbers.counting(quantity, true) : numbers.number(quantity);
    }

    /** Hours are feminine in the Romance languages. */
    private String hour(int hour) {
        Quantity quantity = Quantity.of(Integer.toString(hour));
        return german ? numbers.number(quantity) : numbers.counting(quantity, true);
    }
}
