package dev.parlo.engine.text.items;

import dev.parlo.engine.text.language.LanguageTables;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads web addresses, addresses of mail, and names with points such as {@code node.js}. */
final class Addresses implements ItemRule {
    private static final int LONGEST = 400;
    private static final Set<String> TOP =
            Set.of(
                    ("com org net edu gov mil int io ai dev app co uk de fr es it nl ch at eu us ca"
                                    + " au jp cn in br ru info biz me tv xyz tech online site cloud ly gg fm"
                                    + " se no dk fi pl cz pt be ie nz za mx ar cl kr tw hk sg gle to")
                            .split(" "));

    private final LanguageTables tables;
    private final boolean urls;
    private final boolean mails;

    Addresses(LanguageTables tables, boolean urls, boolean mails) {
        this.tables = tables;
        this.urls = urls;
        this.mails = mails;
    }

    @Override
    public @Nullable Match at(Tokens tokens, int index) {
        if (!tokens.word(index) && !tokens.number(index)
                || tokens.word(index - 1)
                || tokens.number(index - 1)
                || tokens.in(index - 1, "@./_-+:")) {
            return null;
        }
        String text = tokens.all();
        int from = tokens.start(index);
        int to = end(text, from);
        String run = text.substring(from, to);
        if (run.indexOf('.') < 0 && run.indexOf(':') < 0) {
            return null;
        }
        if (run.startsWith("mailto:") && mails && mail(run.substring("mailto:".length()))) {
            return match(tokens, run.replace(':', ' '), to);
        }
        if (run.indexOf('@') > 0 && run.indexOf("://") < 0) {
            return mails && mail(run) ? match(tokens, run, to) : null;
        }
        int scheme = run.indexOf("://");
        if (scheme > 0 && scheme + 3 < run.length() && word(run.substring(0, scheme))) {
            return urls ? match(tokens, run, to) : null;
        }
        if (urls && host(run)) {
            return match(tokens, run, to);
        }
        boolean abbreviation = tables.abbreviation("words", run.toLowerCase(Locale.ROOT)) != null;
        return !abbreviation && name(run) ? match(tokens, run, to) : null;
    }

    private static Match match(Tokens tokens, String written, int end) {
        return new Match(new Item.Address(written), tokens.indexAt(end));
    }

    /** The end of what has no space and no bracket in it, without the marks of its sentence. */
    private static int end(String text, int from) {
        int to = from;
        int most = Math.min(text.length(), from + LONGEST);
        while (to < most && goesOn(text.charAt(to))) {
            to++;
        }
        while (to > from && ".,!?;:'’”…*_-—–".indexOf(text.charAt(to - 1)) >= 0) {
            to--;
        }
        // a token of letters is not cut in two
        while (to == most
                && to > from
                && to < text.length()
                && Character.isLetterOrDigit(text.charAt(to))
                && Character.isLetterOrDigit(text.charAt(to - 1))) {
            to--;
        }
        return to;
    }

    private static boolean goesOn(char c) {
        return c > ' ' && c < 0x7F && "<>\"()[]{}|\\^`".indexOf(c) < 0
                || c > 0xA0 && Character.isLetter(c);
    }

    private static boolean word(String scheme) {
        return scheme.length() <= 10 && scheme.chars().allMatch(Character::isLetter);
    }

    private static boolean mail(String run) {
        int at = run.indexOf('@');
        String domain = run.substring(at + 1);
        int point = domain.lastIndexOf('.');
        return at > 0
                && at == run.lastIndexOf('@')
                && at <= 64
                && run.substring(0, at)
                        .chars()
                        .allMatch(c -> "._%+-".indexOf(c) >= 0 || Character.isLetterOrDigit(c))
                && point > 0
                && point < domain.length() - 1
                && labels(domain)
                && domain.substring(point + 1).chars().allMatch(Character::isLetter);
    }

    private static boolean labels(String domain) {
        for (String label : domain.split("\\.", -1)) {
            if (label.isEmpty()
                    || label.length() > 63
                    || !label.chars().allMatch(c -> c == '-' || Character.isLetterOrDigit(c))) {
                return false;
            }
        }
        return true;
    }

    /** A domain of a known top level, this machine with a port, or an IPv4 address with more. */
    private static boolean host(String run) {
        int end = 0;
        while (end < run.length() && "/:?#".indexOf(run.charAt(end)) < 0) {
            end++;
        }
        String domain = run.substring(0, end);
        String rest = run.substring(end);
        boolean port =
                rest.length() > 1 && rest.charAt(0) == ':' && Character.isDigit(rest.charAt(1));
        if (rest.startsWith(":") && !port) {
            return false;
        }
        if (domain.equals("localhost")) {
            return port;
        }
        if (domain.matches("(?:\\d{1,3}\\.){3}\\d{1,3}")) {
            return !rest.isEmpty();
        }
        int point = domain.lastIndexOf('.');
        if (point <= 0 || !labels(domain)) {
            return false;
        }
        String top = domain.substring(point + 1);
        boolean capital =
                Character.isUpperCase(top.charAt(0))
                        && top.length() > 1
                        && Character.isLowerCase(top.charAt(1));
        return !capital
                && TOP.contains(top.toLowerCase(Locale.ROOT))
                && domain.chars().anyMatch(Character::isLetter);
    }

    /** {@code node.js}, {@code report.final.pdf}: small letters before and behind each point. */
    private static boolean name(String run) {
        String[] parts = run.split("\\.", -1);
        if (parts.length < 2 || parts.length > 8) {
            return false;
        }
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            boolean small =
                    !part.isEmpty()
                            && part.length() <= 40
                            && Character.isLetterOrDigit(part.charAt(part.length() - 1))
                            && part.chars()
                                    .allMatch(c ->
                                            Character.isLetterOrDigit(c) || c == '_' || c == '-');
            if (!small || i > 0 && !Character.isLowerCase(part.charAt(0))) {
                return false;
            }
        }
        return run.length() > 2 * parts.length - 1
                && parts[0].chars().anyMatch(Character::isLetter)
                && (parts.length > 2 || parts[1].length() <= 5 || parts[0].indexOf('_') >= 0);
    }
}
