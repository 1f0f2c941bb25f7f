package dev.parlo.server.whispercpp;

import dev.parlo.server.transcription.ResponseFormat;

/** The forms that {@code /inference} writes a transcript in. */
enum Format {
    JSON(ResponseFormat.TEXT, "application/json"),
    TEXT(ResponseFormat.TEXT, "text/plain; charset=utf-8"),
    SRT(ResponseFormat.SRT, "application/x-subrip"),
    VERBOSE_JSON(ResponseFormat.VERBOSE_JSON, "application/json"),
    VTT(ResponseFormat.VTT, "text/vtt; charset=utf-8");

    private final ResponseFormat asked;
    private final String contentType;

    Format(ResponseFormat asked, String contentType) {
        this.asked = asked;
        this.contentType = contentType;
    }

    /** What the job is asked for. */
    ResponseFormat asked() {
        return asked;
    }

    String contentType() {
        return contentType;
    }
}
