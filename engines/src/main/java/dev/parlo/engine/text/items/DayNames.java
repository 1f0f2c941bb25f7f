package dev.parlo.engine.text.items;

import dev.parlo.engine.text.items.ItemRule.Match;
import dev.parlo.engine.text.language.LanguageTables;
import org.jspecify.annotations.Nullable;

/** Reads abbreviated names of days of the week, and spans of days and months. */
final class DayNames {
    private final LanguageTables tables;
    private final Context context;

    DayNames(LanguageTables tables, Context context) {
        this.tables = tables;
        this.context = context;
    }

    /** The day of the week that a word stands for beside a date, a time or another day, or null. */
    @Nullable String day(Tokens tokens, int index) {
        String written = tokens.text(index);
        String day = weekday(written);
        boolean star = written.equals("Sun") && Context.wordBefore(tokens, index).equals("the");
        return day != null && !star && stands(tokens, index) ? day : null;
    }

    private @Nullable String weekday(String written) {
        if (written.equals("Sun")) {
            return "Sunday";
        }
        String full = tables.abbreviation("any", written);
        return full != null && full.endsWith("day") ? full : null;
    }

    /** Whether a date, a time or another day stands beside the name of a day. */
    private boolean stands(Tokens tokens, int index) {
        int next = tokens.is(index + 1, ',') ? index + 2 : index + 1;
        int at = tokens.skipSpace(next);
        // Sat 3 rows behind
        boolean counts =
                tokens.number(at) && tokens.space(at + 1) && tokens.text(at + 2).endsWith("s");
        boolean date =
                at > next && (tokens.number(at) && !counts || tables.month(tokens.text(at)) > 0);
        int link = tokens.skipSpace(index + 1);
        boolean before =
                (tokens.in(link, "/&") || tokens.is(link, "and"))
                        && weekday(tokens.text(tokens.skipSpace(link + 1))) != null;
        int back = tokens.backOverSpace(index - 1);
        boolean behind =
                (tokens.in(back, "/&") || tokens.is(back, "and"))
                        && weekday(tokens.text(tokens.backOverSpace(back - 1))) != null;
        return date || before || behind;
    }

    /** From one day of the week or month to another: {@code Mon–Fri}, {@code May-June}. */
    @Nullable Match span(Tokens tokens, int index) {
        int dash = tokens.is(index + 1, '.') ? index + 2 : index + 1;
        int end = dash + 1;
        if (!tables.english() || !tokens.in(dash, "-–") || !tokens.capitalised(end)) {
            return null;
        }
        String from = full(tokens.text(index));
        String to = full(tokens.text(end));
        if (from == null || to == null || tokens.in(end + 1, "-–")) {
            return null;
        }
        boolean dot = dash > index + 1;
        return new Match(
                new Item.Words(from + " " + tables.word("to") + " " + to),
                dot ? context.overDot(tokens, end + 1) : end + 1);
    }

    /** The full name of a day of the week or of a month, or null. */
    private @Nullable String full(String written) {
        String known = written.equals("Sun") ? "Sunday" : tables.abbreviation("any", written);
        String name = known == null ? written : known;
        return name.endsWith("day") && name.length() <= 9 || tables.month(name) > 0 ? name : null;
    }
}
