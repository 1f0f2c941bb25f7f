package dev.parlo.engine.text.items;

import dev.parlo.engine.text.items.ItemRule.Match;
import dev.parlo.engine.text.language.LanguageTables;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads ratios, which look like times of day, and what is written as they are: {@code Mark 4:12}.
 */
final class Ratios {
    /** Words near which {@code 2:10} is no time. */
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

    Ratios(LanguageTables tables) {
        this.tables = tables;
    }

    /** The ratio, the verse or the edition that begins at a token, or null. */
    @Nullable Match read(Tokens tokens, int index) {
        if (!tokens.number(index) || Context.glued(tokens, index)) {
            return null;
        }
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

    /** Whether a word near {@code 2:10} says that it is a ratio. */
    static boolean near(Tokens tokens, int index) {
        String behind = Context.lower(tokens, index + 4);
        return Context.wordNear(tokens, index, 4, RATIOS)
                || tokens.space(index + 3) && behind != null && RATIOS.contains(behind);
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
}
