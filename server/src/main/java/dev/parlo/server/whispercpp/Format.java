package dev.parlo.server.whispercpp;

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
}
