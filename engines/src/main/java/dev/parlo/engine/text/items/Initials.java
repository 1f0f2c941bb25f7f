package dev.parlo.engine.text.items;

import dev.parlo.engine.text.language.LanguageTables;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads letters with full stops: {@code U.S.}, {@code Ph.D.}, {@code J. K. Rowling}, {@code z. B.}
 * Their stops end no sentence, unless a sentence ends with them.
 */
final class Initials implements ItemRule {
    private static final int MAX_LETTERS = 12;

    /** Words before a letter that is no initial: "Plan B. The …". */
    private static final Set<String> NAMED_BY_LETTERS =
            Set.of(
                    "vitamin",
                    "plan",
                    "group",
                    "type",
                    "grade",
                    "option",
                    "section",
                    "part",
                    "hepatitis",
                    "class",
                    "level",
                    "point",
                    "figure",
                    "team",
                    "exhibit",
                    "appendix",
                    "letter",
                    "gate",
                    "block",
                    "model",
                    "series",
                    "column",
                    "row",
                    "item",
                    "answer",
                    "version",
                    "terminal",
                    "zone",
                    "schedule",
                    "and",
                    "or",
                    "to");

    private final LanguageTables tables;
    private final Context context;

    Initials(LanguageTables tables, Context context) {
        this.tables = tables;
        this.context = context;
    }

    @Override
    public @Nullable Match at(Tokens tokens, int index) {
        if (tokens.is(index, "a") && tokens.number(index - 1) && !tokens.word(index + 1)) {
            return new Match(new Item.Letters("a"), index + 1); // figure 3a
        }
        if (endsPostCode(tokens, index)) {
            return new Match(new Item.Letters(tokens.text(index)), index + 1);
        }
        if (!tokens.word(index) || !tokens.is(index + 1, '.') || Context.glued(tokens, index)) {
            return null;
        }
        Match known = known(tokens, index);
        if (known != null) {
            return known;
        }
        StringBuilder letters = new StringBuilder();
        int at = index;
        while (letter(tokens, at) && tokens.is(at + 1, '.') && letters.length() < MAX_LETTERS) {
            letters.append(tokens.text(at));
            at += 2;
        }
        // the last letter may stand without a stop: U.S.A
        if (letters.length() > 1 && letter(tokens, at) && !tokens.word(at + 1)) {
            letters.append(tokens.text(at));
            return new Match(new Item.Letters(letters.toString()), at + 1);
        }
        // M.D.s
        if (letters.length() > 1 && tokens.is(at, "s") && !tokens.word(at + 1)) {
            return new Match(new Item.Words(letters + "s"), at + 1);
        }
        if (tokens.word(at) || tokens.number(at)) {
            return null;
        }
        if (letters.length() == 1 && context.streetBehind(tokens, index + 2)) {
            String side = tables.abbreviation("side", letters.toString());
            if (side != null) {
                return new Match(new Item.Words(side), index + 2);
            }
        }
        if (letters.length() == 1) {
            return single(tokens, index, letters.toString());
        }
        return letters.isEmpty()
                ? null
                : new Match(new Item.Letters(letters.toString()), context.overDot(tokens, at - 1));
    }

    /** One that the table has: {@code a.k.a.}, {@code Ph.D.}, {@code z. B.}, {@code EE. UU.} */
    private @Nullable Match known(Tokens tokens, int index) {
        StringBuilder written = new StringBuilder();
        Match longest = null;
        int at = index;
        for (int parts = 0; parts < 4 && tokens.word(at) && tokens.length(at) < 6; parts++) {
            written.append(parts == 0 ? "" : ".").append(tokens.text(at).toLowerCase(Locale.ROOT));
            String words = parts == 0 ? null : tables.abbreviation("dotted", written.toString());
            boolean dot = tokens.is(at + 1, '.');
            // Ph.D.s
            if (words != null && dot && tokens.is(at + 2, "s") && !tokens.word(at + 3)) {
                return new Match(new Item.Words(words + "s"), at + 3);
            }
            if (words != null && (dot || !tokens.word(at + 1))) {
                int next = dot ? context.overDot(tokens, at + 1) : at + 1;
                // "i.e.," and "for example," have one comma between them
                boolean comma = words.endsWith(",") && tokens.is(next, ',');
                longest = new Match(new Item.Words(words), comma ? next + 1 : next);
            }
            if (!dot) {
                break;
            }
            at = tokens.skipSpace(at + 2);
            if (at > index + 2 * (parts + 1) && tables.english()) {
                break;
            }
        }
        return longest;
    }

    /** The letters at the end of a British post code: {@code SW1A 1AA}. */
    private static boolean endsPostCode(Tokens tokens, int index) {
        boolean second =
                tokens.capitals(index)
                        && tokens.length(index) == 2
                        && tokens.number(index - 1)
                        && tokens.length(index - 1) == 1
                        && tokens.space(index - 2);
        int area = tokens.number(index - 3) ? index - 4 : index - 5;
        return second
                && tokens.number(area + 1)
                && tokens.capitalised(area)
                && (tokens.length(area) == 1 || tokens.length(area) == 2 && tokens.capitals(area));
    }

    private static boolean letter(Tokens tokens, int index) {
        return tokens.word(index) && tokens.length(index) == 1;
    }

    /** {@code John F. Kennedy}: a capital, a stop, a space and a name. */
    private @Nullable Match single(Tokens tokens, int index, String letter) {
        if (!tokens.capitalised(index)
                || !tokens.space(index + 2)
                || !tokens.capitalised(index + 3)
                || context.endsSentence(tokens, index + 1)) {
            return null;
        }
        int before = tokens.backOverSpace(index - 1);
        String word = Context.lower(tokens, before);
        boolean another = tokens.length(index + 3) == 1 && tokens.is(index + 4, '.');
        boolean name =
                another || word == null
                        ? !tokens.number(before)
                        : tokens.capitalised(before) && !NAMED_BY_LETTERS.contains(word);
        boolean pronoun = letter.equals("I") && word != null;
        return name && !pronoun ? new Match(new Item.Letters(letter), index + 2) : null;
    }
}
