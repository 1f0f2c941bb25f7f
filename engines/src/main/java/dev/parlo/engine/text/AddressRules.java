package dev.parlo.engine.text;

import dev.parlo.engine.text.TextNormalizer.Rule;
import java.util.List;
import java.util.Locale;

/** Rules for e-mail addresses, web addresses and telephone numbers. */
final class AddressRules {
    private static final String DOMAIN =
            "(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.){1,8}";
    private static final String TOP =
            "(?:com|org|net|edu|gov|mil|int|io|ai|dev|app|co|uk|de|fr|es|it|nl|ch|at|eu|us|ca|au|jp|cn|in|br|ru|info|biz|me|tv|xyz|tech|online|site|cloud|ly|gg|fm)";

    static final List<Rule> EMAILS =
            List.of(
                    Rule.of(
                            "(?<![\\w.+-])([A-Za-z0-9._%+-]{1,64})@("
                                    + DOMAIN
                                    + "[A-Za-z]{2,24})\\b",
                            match -> spell(match.group(1)) + " at " + spell(match.group(2))));

    static final List<Rule> URLS =
            List.of(
                    Rule.of(
                            "(?<![\\w@.])(https?://|ftp://)([^\\s<>\"()\\[\\]]{1,400}?)(?=[.,!?;:'”]{0,3}(?:[\\s<>\"()\\[\\]]|$))",
                            match ->
                                    match.group(1)
                                                    .substring(0, match.group(1).length() - 3)
                                                    .toLowerCase(Locale.ROOT)
                                            + " "
                                            + url(match.group(2))),
                    Rule.of(
                            "(?<![\\w@./-])((?:www\\.)?+"
                                    + DOMAIN
                                    + TOP
                                    + "|localhost(?=:\\d)|(?:\\d{1,3}\\.){3}\\d{1,3}(?=[:/]))(:\\d{1,5})?(/[\\w./?=&%#~+-]{0,300}[\\w/])?(?![\\w@])",
                            match -> url(match.group())));

    static final List<Rule> PHONES =
            List.of(
                    Rule.of(
                            "(?<![\\w.+-])(?:\\+?(\\d{1,3})[ .-])?\\(?(\\d{3})\\)?[ .-](\\d{3})[ .-](\\d{4})(?![\\w-])",
                            match -> {
                                String number =
                                        EnglishNumbers.digits(match.group(2))
                                                + ", "
                                                + EnglishNumbers.digits(match.group(3))
                                                + ", "
                                                + EnglishNumbers.digits(match.group(4));
                                return match.group(1) == null
                                        ? number
                                        : EnglishNumbers.digits(match.group(1)) + ", " + number;
                            }));

    private AddressRules() {}

    private static String url(String address) {
        String s = address;
        if (s.startsWith("www.")) {
            s = s.substring(4);
        }
        return spell(s.endsWith("/") ? s.substring(0, s.length() - 1) : s);
    }

    private static String spell(String address) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            String name =
                    switch (c) {
                        case '.' -> "dot";
                        case '/' -> "slash";
                        case ':' -> "colon";
                        case '-' -> "dash";
                        case '_' -> "underscore";
                        case '?' -> "question-mark";
                        case '=' -> "equals";
                        case '&' -> "ampersand";
                        case '%' -> "percent";
                        case '+' -> "plus";
                        case '#' -> "hash";
                        case '~' -> "tilde";
                        case '@' -> "at";
                        default -> "";
                    };
            if (name.isEmpty()) {
                words.append(c);
            } else {
                words.append(words.isEmpty() ? "" : " ").append(name).append(' ');
            }
        }
        return words.toString().replaceAll(" {2,10}", " ").strip();
    }
}
