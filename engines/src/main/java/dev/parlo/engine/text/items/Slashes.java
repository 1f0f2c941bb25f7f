package dev.parlo.engine.text.items;

import java.text.Normalizer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads two numbers with a slash between them, and fractions of a single character. */
final class Slashes implements ItemRule {
    private static final Set<String> MARKS =
            Set.of(
                    "rate",
                    "rated",
                    "rating",
                    "score",
                    "scored",
                    "scores",
                    "give",
                    "gave",
                    "given",
                    "gives",
                    "got",
                    "grade",
                    "grades",
                    "review",
                    "reviewed",
                    "scoring");

    private static final Set<String> PARTS = Set.of("th", "ths", "rd", "rds", "nd", "nds", "st");

    /** What marks are given out of. */
    private static final Set<String> FULL = Set.of("5", "10", "20", "100");

    @Override
    public @Nullable Match at(Tokens tokens, int index) {
        if (vulgar(tokens, index) != null) {
            return fraction(null, tokens, index);
        }
        Match decimal = decimalMark(tokens, index);
        if (decimal != null) {
            return decimal;
        }
        if (!tokens.number(index) || Context.glued(tokens, index) || tokens.length(index) > 6) {
            return null;
        }
        Quantity first = Quantity.of(tokens.text(index));
        // 2½, 1 1/2, 1-1/2
        if (vulgar(tokens, index + 1) != null) {
            return fraction(first, tokens, index + 1);
        }
        int second = index + 2;
        if ((tokens.space(index + 1) || tokens.is(index + 1, '-'))
                && tokens.length(second) <= 2
                && (vulgar(tokens, second) != null || proper(tokens, second))) {
            return fraction(first, tokens, second);
        }
        if (!slashed(tokens, index) || division(tokens, index)) {
            return null;
        }
        Quantity right = Quantity.of(tokens.text(index + 2));
        int next = index + 3;
        String both = first.whole() + "/" + right.whole();
        if (both.equals("24/7")
                || both.equals("9/11")
                || both.equals("50/50")
                || both.equals("20/20")
                || halves(first, right)
                || season(tokens, index)) {
            return new Match(new Item.Pair(first, right), next);
        }
        boolean full =
                first.whole().equals(right.whole())
                        && (right.whole().equals("10")
                                || right.whole().equals("5")
                                || right.whole().equals("100"));
        boolean mark = FULL.contains(right.whole()) && Context.wordNear(tokens, index, 4, MARKS);
        if (full || mark) {
            return new Match(new Item.OutOf(first, right), next);
        }
        return fraction(null, tokens, index);
    }

    /** {@code 60/40}: parts of a hundred. */
    private static boolean halves(Quantity left, Quantity right) {
        return left.whole().length() == 2
                && right.whole().length() == 2
                && left.small() + right.small() == 100;
    }

    /** {@code 4.5/5} as a mark. */
    private static @Nullable Match decimalMark(Tokens tokens, int index) {
        boolean mark =
                tokens.number(index)
                        && !Context.glued(tokens, index)
                        && tokens.length(index) <= 3
                        && tokens.in(index + 1, ".,")
                        && tokens.number(index + 2)
                        && tokens.length(index + 2) <= 2
                        && slashed(tokens, index + 2)
                        && FULL.contains(tokens.text(index + 4));
        return mark
                ? new Match(
                        new Item.OutOf(
                                new Quantity(
                                        false,
                                        Quantity.ascii(tokens.text(index)),
                                        Quantity.ascii(tokens.text(index + 2)),
                                        false),
                                Quantity.of(tokens.text(index + 4))),
                        index + 5)
                : null;
    }

    /** {@code 2023/24}, {@code 1999/2000}: the two halves of a season. */
    private static boolean season(Tokens tokens, int index) {
        if (tokens.length(index) != 4) {
            return false;
        }
        int first = Quantity.of(tokens.text(index)).small();
        return tokens.length(index + 2) == 2
                || tokens.length(index + 2) == 4
                        && Quantity.of(tokens.text(index + 2)).small() == first + 1;
    }

    private static boolean slashed(Tokens tokens, int index) {
        return (tokens.is(index + 1, '/') || tokens.is(index + 1, '\u2044'))
                && tokens.number(index + 2)
                && tokens.length(index + 2) <= 6
                && !tokens.in(index + 3, "/⁄")
                && (!tokens.word(index + 3) || part(tokens, index + 3) > 0)
                && !(tokens.is(index - 1, '/'));
    }

    /** The index behind the ending of a part, {@code 7/8ths}, {@code 1/100th}; 0 for none. */
    private static int part(Tokens tokens, int index) {
        return tokens.word(index) && PARTS.contains(tokens.text(index)) ? index + 1 : 0;
    }

    /**
     * Whether a number is divided by the one behind the slash: what is no proper fraction and
     * stands in a sum, {@code 8/2=4}.
     */
    static boolean division(Tokens tokens, int index) {
        if (!tokens.number(index)
                || !tokens.is(index + 1, '/')
                || !tokens.number(index + 2)
                || tokens.length(index) > 9
                || tokens.length(index + 2) > 9
                || tokens.is(index + 3, '/')
                || tokens.is(index - 1, '/')) {
            return false;
        }
        boolean proper =
                Quantity.of(tokens.text(index)).small()
                        < Quantity.of(tokens.text(index + 2)).small();
        return !proper
                && (tokens.in(tokens.skipSpace(index + 3), "=≈*×÷")
                        || tokens.in(tokens.backOverSpace(index - 1), "*×÷"));
    }

    private static boolean proper(Tokens tokens, int index) {
        if (!tokens.number(index) || !slashed(tokens, index)) {
            return false;
        }
        int top = Quantity.of(tokens.text(index)).small();
        int bottom = Quantity.of(tokens.text(index + 2)).small();
        return top > 0 && top < bottom && bottom <= 64;
    }

    private static @Nullable Match fraction(@Nullable Quantity whole, Tokens tokens, int index) {
        String single = vulgar(tokens, index);
        if (single != null) {
            int bar = single.indexOf('\u2044');
            return new Match(
                    new Item.Fraction(
                            whole,
                            Integer.parseInt(single.substring(0, bar)),
                            Integer.parseInt(single.substring(bar + 1)),
                            Context.noun(tokens, index + 1)),
                    index + 1);
        }
        int part = part(tokens, index + 3);
        int next = part > 0 ? part : index + 3;
        return new Match(
                new Item.Fraction(
                        whole,
                        Quantity.of(tokens.text(index)).small(),
                        Quantity.of(tokens.text(index + 2)).small(),
                        Context.noun(tokens, next)),
                next);
    }

    /** {@code ½} as {@code 1⁄2}; null for anything else. */
    static @Nullable String vulgar(Tokens tokens, int index) {
        if (tokens.kind(index) != Tokens.Kind.SIGN || tokens.length(index) != 1) {
            return null;
        }
        char c = tokens.text(index).charAt(0);
        if (c != '¼' && c != '½' && c != '¾' && (c < '\u2150' || c > '\u215E')) {
            return null;
        }
        return Normalizer.normalize(String.valueOf(c), Normalizer.Form.NFKC);
    }
}
