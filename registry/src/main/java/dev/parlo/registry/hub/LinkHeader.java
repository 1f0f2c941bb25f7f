package dev.parlo.registry.hub;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The next page of a list, by its Link header (RFC 8288). */
final class LinkHeader {
    private static final Pattern LINK = Pattern.compile("<([^<>]{1,4096})>([^<>,]*)");
    private static final Pattern NEXT = Pattern.compile(";\\s*rel=\"?next\"?\\s*(?:;|$)");

    private LinkHeader() {}

    static Optional<String> next(List<String> headers) {
        for (String header : headers) {
            Matcher link = LINK.matcher(header);
            while (link.find()) {
                if (NEXT.matcher(link.group(2)).find()) {
                    return Optional.of(link.group(1));
                }
            }
        }
        return Optional.empty();
    }
}
