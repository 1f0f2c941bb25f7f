package dev.parlo.engine.text.items;

import dev.parlo.engine.text.items.ItemRule.Match;
import dev.parlo.engine.text.language.Genders;
import dev.parlo.engine.text.language.LanguageTables;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the noun that a whole number agrees with: numbers follow the gender of what they count, and
 * German ordinals, which are written with a full stop, follow case and gender.
 */
final class Agreement {
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

    /** What a number stands behind that ends a sentence: "Seite 5. Frage ihn." */
    private static final Set<String> NUMBERED =
            Set.of(
                    "seite",
                    "kapitel",
                    "nummer",
                    "band",
                    "artikel",
                    "absatz",
                    "punkt",
                    "teil",
                    "zeile",
                    "version",
                    "zimmer",
                    "raum",
                    "bild",
                    "tabelle",
                    "abbildung");

    private static final Set<String> BEFORE_DATIVE =
            Set.of("in", "mit", "zu", "bei", "nach", "aus", "seit", "von", "ab", "vor", "auf");

    private final LanguageTables tables;

    Agreement(LanguageTables tables) {
        this.tables = tables;
    }

    /** A number with its noun behind it, where numbers follow genders or ordinals have a stop. */
    Match of(Tokens tokens, int index, Match match) {
        int next = match.next();
        if (tables.english()
                || !(match.item() instanceof Item.Number(Quantity quantity, boolean perhaps))
                || !quantity.isWhole()
                || quantity.negative()) {
            return match;
        }
        Match agreed =
                tables.word("ordinal-dot").equals(".")
                        ? german(tokens, index, quantity, next)
                        : counted(tokens, index, quantity, next);
        return agreed == null ? match : agreed;
    }

    private @Nullable Match german(Tokens tokens, int index, Quantity quantity, int next) {
        String before = Context.wordBefore(tokens, index);
        boolean ordinal =
                quantity.whole().length() <= 3
                        && tokens.is(next, '.')
                        && tokens.space(next + 1)
                        && tokens.word(next + 2);
        Item.Inflection inflection = ordinal ? inflection(tokens, index, before, next + 2) : null;
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
                                quantity, String.valueOf(Context.lower(tokens, next + 1)), before),
                        next)
                : null;
    }

    /** {@code 1 hora}, {@code 200 personas}: numbers of languages that write ordinals otherwise. */
    private static @Nullable Match counted(Tokens tokens, int index, Quantity quantity, int next) {
        String noun = tokens.space(next) ? Context.lower(tokens, next + 1) : null;
        if (noun == null) {
            return null;
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
                : null;
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
        if (gender == null
                || NUMBERED.contains(before)
                || !tokens.capitalised(nounAt)
                || !tables.ordered().contains(noun)) {
            return null;
        }
        boolean dative = BEFORE_DATIVE.contains(before);
        return switch (gender) {
            case FEMININE -> dative ? Item.Inflection.MASCULINE : Item.Inflection.NOMINATIVE;
            case MASCULINE -> dative ? Item.Inflection.DATIVE : Item.Inflection.MASCULINE;
            case NEUTER -> dative ? Item.Inflection.DATIVE : Item.Inflection.NEUTER;
        };
    }
}
