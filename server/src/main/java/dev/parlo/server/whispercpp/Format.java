package dev.parlo.server.whispercpp;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The forms that {@code /inference} writes a transcript in. */
enum Format {
    JSON("application/json"),
    TEXT("text/plain; charset=utf-8"),
    SRT("application/x-subrip"),
    VERBOSE_JSON("application/json"),
    VTT("text/vtt; charset=utf-8");

    private final String contentType;

    Format(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    String apiName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Format::apiName).toList();
    }

    static Format of(String apiName) {
        return valueOf(apiName.toUpperCase(Locale.ROOT));
    }
}
