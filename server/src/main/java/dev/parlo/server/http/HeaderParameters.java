package dev.parlo.server.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Parameters of a header such as {@code form-data; name="file"; filename="a.wav"}. */
final class HeaderParameters {
    private HeaderParameters() {}

    /**
     * The value of a parameter, unquoted; {@code name*=UTF-8''…} (RFC 5987) wins over {@code
     * name=}.
     */
    static @Nullable String get(String header, String name) {
        String plain = null;
        String extended = null;
        int at = header.indexOf(';');
        while (at >= 0 && at < header.length()) {
            int equals = header.indexOf('=', at);
            if (equals < 0) {
                break;
            }
            String key = header.substring(at + 1, equals).strip().toLowerCase(Locale.ROOT);
            StringBuilder value = new StringBuilder();
            at = readValue(header, equals + 1, value);
            if (key.equals(name)) {
                plain = value.toString();
            } else if (key.equals(name + "*")) {
                extended = decodeExtended(value.toString());
            }
        }
        return extended != null ? extended : plain;
    }

    /** Appends the value that starts at {@code from}; returns the next {@code ;} or the end. */
    private static int readValue(String header, int from, StringBuilder value) {
        int at = from;
        while (at < header.length() && header.charAt(at) == ' ') {
            at++;
        }
        if (at == header.length() || header.charAt(at) != '"') {
            int end = header.indexOf(';', at);
            end = end < 0 ? header.length() : end;
            value.append(header, at, end);
            while (!value.isEmpty() && value.charAt(value.length() - 1) == ' ') {
                value.setLength(value.length() - 1);
            }
            return end;
        }
        for (at++; at < header.length() && header.charAt(at) != '"'; at++) {
            // Browsers send backslashes of Windows paths as they are: only \" and \\ are escapes.
            if (header.charAt(at) == '\\'
                    && at + 1 < header.length()
                    && (header.charAt(at + 1) == '"' || header.charAt(at + 1) == '\\')) {
                at++;
            }
            value.append(header.charAt(at));
        }
        int end = header.indexOf(';', Math.min(at, header.length()));
        return end < 0 ? header.length() : end;
    }

    private static @Nullable String decodeExtended(String value) {
        int second = value.indexOf('\'', value.indexOf('\'') + 1);
        if (second < 0 || !value.regionMatches(true, 0, "UTF-8'", 0, 6)) {
            return null;
        }
        try {
            return URLDecoder.decode(
                    value.substring(second + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
