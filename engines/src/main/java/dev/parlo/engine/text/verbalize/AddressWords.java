package dev.parlo.engine.text.verbalize;

import dev.parlo.engine.text.language.LanguageTables;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Spells web addresses and the like: the signs by name, the words as words. Thread-safe. */
final class AddressWords {
    private final LanguageTables tables;
    private final UnaryOperator<String> number;

    /**
     * @param number says the digits of a number that has no sign, by itself
     */
    AddressWords(LanguageTables tables, UnaryOperator<String> number) {
        this.tables = tables;
        this.number = number;
    }

    String spell(String address) {
        StringBuilder words = new StringBuilder();
        String rest = address;
        int scheme = rest.indexOf("://");
        if (scheme > 0) {
            words.append(rest.substring(0, scheme).toLowerCase(Locale.ROOT));
            rest = rest.substring(scheme + 3);
        }
        if (rest.startsWith("www.")) {
            word(words, "www");
            rest = rest.substring(4);
        }
        if (rest.endsWith("/")) {
            rest = rest.substring(0, rest.length() - 1);
        }
        for (int i = 0; i < rest.length(); ) {
            char c = rest.charAt(i);
            int end = i + 1;
            if (Character.isLetterOrDigit(c)) {
                boolean digit = Character.isDigit(c);
                while (end < rest.length()
                        && Character.isLetterOrDigit(rest.charAt(end))
                        && Character.isDigit(rest.charAt(end)) == digit) {
                    end++;
                }
                String run = rest.substring(i, end);
                word(words, digit ? number.apply(run) : run);
            } else {
                word(words, sign(c));
            }
            i = end;
        }
        return words.toString();
    }

    private static void word(StringBuilder words, String word) {
        if (!word.isEmpty()) {
            words.append(words.isEmpty() ? "" : " ").append(word);
        }
    }

    private String sign(char c) {
        String key =
                switch (c) {
                    case '.' -> "dot";
                    case '/' -> "slash";
                    case ':' -> "colon";
                    case '-' -> "dash";
                    case '_' -> "underscore";
                    case '?' -> "question";
                    case '=' -> "address-equals";
                    case '&' -> "ampersand";
                    case '%' -> "address-percent";
                    case '+' -> "address-plus";
                    case '#' -> "hash";
                    case '~' -> "tilde";
                    case '@' -> "at";
                    default -> "";
                };
        return key.isEmpty() ? "" : tables.word(key);
    }
}
