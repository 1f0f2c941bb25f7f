package dev.parlo.engine.text.items;

import dev.parlo.engine.text.language.LanguageTables;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads abbreviations of the language's table, whose full stop is no end of a sentence. Which word
 * one stands for depends on its place: "St. Louis" and "Main St.".
 */
final class Abbreviations implements ItemRule {
    /** Zones of time that would be read as words. */
    private static final Set<String> ZONES =
            Set.of("ET", "PT", "CT", "MT", "EST", "PST", "CST", "MST", "CET", "BST", "IST");

    /** What the British, the French and many in a hurry write without a full stop. */
    private static final Set<String> WITHOUT_STOP =
            Set.of("Dr", "Mr", "Mrs", "Ms", "Mme", "Mlle", "Prof", "St", "Mt", "Capt", "Sgt", "Lt");

    private final LanguageTables tables;
    private final Context context;
    private final Streets streets;
    private final DayNames days;

    Abbreviations(LanguageTables tables, Context context) {
        this.tables = tables;
        this.context = context;
        this.streets = new Streets(tables, context);
        this.days = new DayNames(tables, context);
    }

    @Override
    public @Nullable Match at(Tokens tokens, int index) {
        if (!tokens.word(index) || Context.glued(tokens, index) || tokens.length(index) > 20) {
            return null;
        }
        Match word = word(tokens, index);
        if (word != null) {
            return word;
        }
        Match phrase = phrase(tokens, index);
        if (phrase != null) {
            return phrase;
        }
        Match span = days.span(tokens, index);
        if (span != null) {
            return span;
        }
        String written = tokens.text(index);
        boolean dot = tokens.is(index + 1, '.');
        if (!dot) {
            Match place = withoutStopByPlace(tokens, index, written);
            return place != null ? place : withoutStop(tokens, index, written);
        }
        int next = tokens.skipSpace(index + 2);
        boolean space = next > index + 2;
        boolean name = tokens.capitalised(next);
        String number = tables.abbreviation("number", written);
        if (number == null && written.length() > 1) {
            number = tables.abbreviation("number", written.toLowerCase(Locale.ROOT)); // Vol. 3
        }
        if (number != null
                && (tokens.number(next)
                        || tokens.is(next, ':')
                        || tokens.is(next, '(') && tokens.number(next + 1) // Eq. (3)
                        || space && RomanNotation.value(tokens.text(next)) > 0)) {
            return new Match(new Item.Words(number), index + 2);
        }
        // b. 1912, d. 1954
        String life = tables.abbreviation("life", written);
        if (life != null && tokens.number(next) && tokens.length(next) == 4) {
            return new Match(new Item.Words(life), index + 2);
        }
        // the 5th c. BC
        int ordinal = tokens.backOverSpace(index - 1);
        if (written.equals("c")
                && tables.english()
                && ordinal < index - 1
                && tokens.word(ordinal)
                && tokens.number(ordinal - 1)) {
            return new Match(new Item.Words("century"), context.overDot(tokens, index + 1));
        }
        String compound = compound(written);
        if (compound != null && !tokens.word(index + 2)) {
            return new Match(
                    new Item.Words(compound), index + (endsText(tokens, index + 1) ? 1 : 2));
        }
        String street = streets.withStop(tokens, index, name);
        if (street != null) {
            return new Match(new Item.Words(street), context.overDot(tokens, index + 1));
        }
        String place = tables.abbreviation("place", written);
        if (place != null && name) {
            return new Match(new Item.Words(place), index + 2);
        }
        String title = tables.abbreviation("title", written);
        if (title != null
                && tokens.word(next)
                && (space || written.length() > 1)
                && (name || !tables.english())) {
            return new Match(new Item.Words(title), index + 2);
        }
        String any = any(written);
        if (any == null) {
            any = tables.abbreviation("exact", written);
        }
        if (any == null
                && written.equals("v")
                && tables.english()
                && between(tokens, index, next)) {
            any = "versus"; // Roe v. Wade
        }
        if (any == null || tokens.word(index + 2)) {
            return null;
        }
        return new Match(new Item.Words(any), context.overDot(tokens, index + 1));
    }

    /** A word whose end is abbreviated: {@code Hauptstr.}; null for others. */
    private @Nullable String compound(String written) {
        for (Map.Entry<String, String> ending :
                tables.abbreviations().getOrDefault("endings", Map.of()).entrySet()) {
            if (written.endsWith(ending.getKey())
                    && written.length() > ending.getKey().length() + 1) {
                return written.substring(0, written.length() - ending.getKey().length())
                        + ending.getValue();
            }
        }
        return null;
    }

    private boolean endsText(Tokens tokens, int dot) {
        return context.endsSentence(tokens, dot);
    }

    /**
     * What is an abbreviation without a full stop only where it stands: before a colon, {@code Tel:
     * 555}, before a number, {@code Apt 4B}, in an address, {@code 123 N 5th St}, before a date,
     * {@code Tue 4 Jun}.
     */
    private @Nullable Match withoutStopByPlace(Tokens tokens, int index, String written) {
        String label = tables.abbreviation("label", written);
        if (label != null
                && tokens.is(index + 1, ':')
                && !tokens.number(index + 2)
                && !tokens.in(index + 2, "+")) {
            return new Match(new Item.Words(label), index + 1);
        }
        if (!tables.english()) {
            return null;
        }
        boolean numbered = tokens.space(index + 1) && tokens.number(index + 2);
        String number = numbered ? tables.abbreviation("numbered", written) : null;
        if (number != null) {
            return new Match(new Item.Words(number), index + 1);
        }
        String compass = streets.compass(tokens, index);
        String words = compass != null ? compass : days.day(tokens, index);
        return words == null ? null : new Match(new Item.Words(words), index + 1);
    }

    private static boolean between(Tokens tokens, int index, int next) {
        return tokens.space(index - 1)
                && tokens.capitalised(index - 2)
                && tokens.space(next - 1)
                && tokens.capitalised(next);
    }

    /** Several words with full stops: {@code v. Chr.}, {@code av. J.-C.} */
    private @Nullable Match phrase(Tokens tokens, int index) {
        for (Map.Entry<String, String> phrase :
                tables.abbreviations().getOrDefault("phrases", Map.of()).entrySet()) {
            String written = phrase.getKey();
            int start = tokens.start(index);
            int end = tokens.indexAt(start + written.length());
            if (tokens.all().startsWith(written, start)
                    && tokens.start(end) == start + written.length()) {
                return new Match(new Item.Words(phrase.getValue()), context.overDot(tokens, end));
            }
        }
        return null;
    }

    /** Words with a sign in them, such as {@code w/o} and {@code C#}, and misspelt ones. */
    private @Nullable Match word(Tokens tokens, int index) {
        int most = Math.min(tokens.size(), index + 4);
        for (int next = most; next > index; next--) {
            if (tokens.space(next - 1) || tokens.word(next) && tokens.word(next - 1)) {
                continue;
            }
            int length = tokens.start(next) - tokens.start(index);
            if (length > 12) {
                continue;
            }
            String written =
                    tokens.all()
                            .substring(tokens.start(index), tokens.start(next))
                            .replace('’', '\'')
                            .replace('–', '-');
            String words = tables.abbreviation("words", written.toLowerCase(Locale.ROOT));
            boolean goesOn =
                    tokens.word(next) && !tokens.word(next - 1)
                            || tokens.number(next) && !tokens.in(next - 1, "º°")
                            || tokens.in(next, "'’") && tokens.word(next + 1);
            if (words != null && !goesOn) {
                boolean capital =
                        tokens.capitalised(index) && Character.isLowerCase(words.charAt(0));
                String said =
                        capital
                                ? words.substring(0, 1).toUpperCase(Locale.ROOT)
                                        + words.substring(1)
                                : words;
                return new Match(new Item.Words(said), next);
            }
        }
        return null;
    }

    /** One of the table; at the beginning of a sentence with a capital. */
    private @Nullable String any(String written) {
        String any = tables.abbreviation("any", written);
        if (any != null || !Character.isUpperCase(written.charAt(0))) {
            return any;
        }
        String small = written.substring(0, 1).toLowerCase(Locale.ROOT) + written.substring(1);
        String words = tables.abbreviation("any", small);
        return words == null
                ? null
                : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /** A title as the British write it, a street before a comma, "vs" without its full stop. */
    private @Nullable Match withoutStop(Tokens tokens, int index, String written) {
        if (written.equals("vs")) {
            String words = tables.abbreviation("any", written);
            return words == null ? null : new Match(new Item.Words(words), index + 1);
        }
        if (ZONES.contains(written) && behindTime(tokens, index)) {
            return new Match(new Item.Letters(written), index + 1);
        }
        String exact = tables.abbreviation("exact", written);
        if (exact != null) {
            return new Match(new Item.Words(exact), index + 1);
        }
        String street = streets.withoutStop(tokens, index);
        return street != null
                ? new Match(new Item.Words(street), index + 1)
                : titleWithoutStop(tokens, index, written);
    }

    private @Nullable Match titleWithoutStop(Tokens tokens, int index, String written) {
        boolean french = tables.locale().getLanguage().equals("fr");
        boolean hyphen = french && tokens.is(index + 1, '-') && tokens.word(index + 2);
        if (!WITHOUT_STOP.contains(written) && !(french && written.equals("Ste"))
                || !tokens.space(index + 1) && !hyphen
                || !tokens.capitalised(index + 2)) {
            return null;
        }
        // "on Main St Monday", but "Visit St Ives"
        int before = tokens.backOverSpace(index - 1);
        String place = tables.abbreviation("place", written);
        boolean street =
                place != null
                        && tables.abbreviation("street", written) != null
                        && tokens.capitalised(before)
                        && !begins(tokens, before);
        String title = place == null ? tables.abbreviation("title", written) : place;
        return title == null || street ? null : new Match(new Item.Words(title), index + 1);
    }

    private static boolean begins(Tokens tokens, int index) {
        int before = tokens.backOverSpace(index - 1);
        return tokens.kind(before) == Tokens.Kind.EDGE || tokens.in(before, ".!?:;");
    }

    private static boolean behindTime(Tokens tokens, int index) {
        int before = tokens.backOverSpace(index - 1);
        if (tokens.is(before, '.')) {
            before--;
        }
        String word = String.valueOf(Context.lower(tokens, before));
        return tokens.number(before)
                || word.equals("am")
                || word.equals("pm")
                || word.equals("m") && tokens.is(before - 1, '.');
    }
}
