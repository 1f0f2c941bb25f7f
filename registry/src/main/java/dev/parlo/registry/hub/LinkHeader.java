package dev.parlo.registry.hub;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The next page of a list, by its Link header (RFC 8288). */
final class LinkHeader {
    /** A target and its parameters; a quoted parameter may hold commas and semicolons. */
    private static final Pattern LINK =
            Pattern.compile("<([^<>]*+)>((?:\\s*+;\\s*+[^\"<>,;]*+(?:\"[^\"]*+\")?+)*+)");

    private static final Pattern PARAMETER =
            Pattern.compile(";\\s*+([^=\\s\"<>,;]++)\\s*+=\\s*+(?:\"([^\"]*+)\"|([^\\s\"<>,;]++))");

    private LinkHeader() {}

    static Optional<String> next(List<String> headers) {
        for (String header : headers) {
            Matcher link = LINK.matcher(header);
            while (link.find()) {
                if (isNext(link.group(2))) {
                    return Optional.of(link.group(1).strip());
                }
            }
        }
        return Optional.empty();
    }

    /** A relation may stand among several; its case does not count. */
    private static boolean isNext(String parameters) {
        Matcher parameter = PARAMETER.matcher(parameters);
        while (parameter.find()) {
            String value = parameter.group(2) == null ? parameter.group(3) : parameter.group(2);
            if (parameter.group(1).equalsIgnoreCase("rel")
                    && List.of(value.toLowerCase(Locale.ROOT).strip().split("\\s+"))
                            .contains("next")) {
                return true;
            }
        }
        return false;
    }
}
