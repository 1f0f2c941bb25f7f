package dev.parlo.engine.text.items;

import dev.parlo.engine.text.language.LanguageTables;
import org.jspecify.annotations.Nullable;

/** Reads numbers as a language writes them, and as the others do where that is plain to see. */
final class NumberReader {
    private static final int MAX_GROUPS = 6;

    private final char decimal;
    private final String group;

    /** A number that ends before the token {@code next}. */
    record Read(Quantity quantity, int next) {}

    NumberReader(LanguageTables tables) {
        this.decimal = tables.decimal();
        this.group = tables.group();
    }

    /** The number that begins at a token, without a sign before it; null where there is none. */
    @Nullable Read read(Tokens tokens, int index) {
        if (tokens.is(index, decimal) && tokens.number(index + 1)) {
            String fraction = Quantity.ascii(tokens.text(index + 1));
            return new Read(new Quantity(false, "0", fraction, false), index + 2);
        }
        if (!tokens.number(index)) {
            return null;
        }
        char other = decimal == '.' ? ',' : '.';
        Read own = read(tokens, index, decimal, group);
        Read foreign = read(tokens, index, other, String.valueOf(decimal));
        // 1.234,56 in English and 1,234.56 in German can only be meant in one way
        boolean clear =
                foreign.quantity.grouped()
                        && !foreign.quantity.isWhole()
                        && foreign.next > own.next;
        return clear || pointed(tokens, own) ? foreign : own;
    }

    /** {@code 3.14} by a writer of another language, where three digits would be thousands. */
    private boolean pointed(Tokens tokens, Read own) {
        int fraction = own.next + 1;
        return decimal == ','
                && own.quantity.isWhole()
                && !own.quantity.grouped()
                && tokens.is(own.next, '.')
                && tokens.number(fraction)
                && tokens.length(fraction) != 3
                && !(tokens.in(fraction + 1, ".,:/-–") && tokens.number(fraction + 2));
    }

    private static Read read(Tokens tokens, int index, char point, String separators) {
        StringBuilder whole = new StringBuilder(Quantity.ascii(tokens.text(index)));
        int next = index + 1;
        int groups = 0;
        if (whole.length() <= 3) {
            while (groups < MAX_GROUPS
                    && separator(tokens, index, next, separators)
                    && tokens.length(next + 1) == 3
                    && tokens.number(next + 1)) {
                whole.append(Quantity.ascii(tokens.text(next + 1)));
                next += 2;
                groups++;
            }
            // hundreds of millions in India: 12,34,567
            if (groups == 0 && indian(tokens, next)) {
                while (tokens.is(next, ',') && tokens.number(next + 1) && groups < MAX_GROUPS) {
                    whole.append(Quantity.ascii(tokens.text(next + 1)));
                    next += 2;
                    groups++;
                }
            }
        }
        String fraction = "";
        if (tokens.is(next, point) && tokens.number(next + 1)) {
            boolean list = point == ',' && tokens.is(next + 2, ',') && tokens.number(next + 3);
            boolean dotted = tokens.is(next + 2, '.') && tokens.number(next + 3);
            if (!list && !dotted) {
                fraction = Quantity.ascii(tokens.text(next + 1));
                next += 2;
            }
        }
        return new Read(new Quantity(false, whole.toString(), fraction, groups > 0), next);
    }

    private static boolean indian(Tokens tokens, int next) {
        int at = next;
        int pairs = 0;
        while (tokens.is(at, ',') && tokens.number(at + 1) && tokens.length(at + 1) == 2) {
            pairs++;
            at += 2;
            if (pairs > MAX_GROUPS) {
                return false;
            }
        }
        return pairs > 0
                && tokens.is(at, ',')
                && tokens.number(at + 1)
                && tokens.length(at + 1) == 3;
    }

    private static boolean money(Tokens tokens, int next) {
        String sign = tokens.text(tokens.skipSpace(next));
        return sign.length() == 1 && Character.getType(sign.charAt(0)) == Character.CURRENCY_SYMBOL;
    }

    private static boolean separator(Tokens tokens, int index, int at, String separators) {
        if (tokens.length(at) != 1) {
            return false;
        }
        char c = tokens.text(at).charAt(0);
        boolean first = at == index + 1;
        boolean same = first || tokens.is(index + 1, c);
        return same
                && (separators.indexOf(c) >= 0
                        || c == '\''
                        || c == '’'
                        || c == '_'
                        || c == '\u00A0'
                        || c == '\u202F'
                        || c == '\u2009'
                        // "5 100" may be two numbers: of plain spaces two are needed, or a sign
                        // that no number but the second half of one has
                        || c == ' '
                                && (!first
                                        || tokens.text(at + 1).startsWith("0")
                                                && !tokens.text(index).startsWith("0")
                                                && !tokens.number(at + 3)
                                        || money(tokens, at + 2)
                                        || tokens.is(at + 2, ' ')
                                                && tokens.number(at + 3)
                                                && tokens.length(at + 3) == 3
                                                && !tokens.number(at + 4)));
    }
}
