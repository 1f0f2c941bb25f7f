package dev.parlo.server.asrwebservice;

import dev.parlo.server.transcription.ResponseFormat;

/** The forms that {@code /asr} writes a transcript in. */
enum Output {
    /** A line a segment. */
    TXT(ResponseFormat.TEXT),
    VTT(ResponseFormat.VTT),
    SRT(ResponseFormat.SRT),
    /** Start and end in milliseconds and the text, separated by tabs. */
    TSV(ResponseFormat.JSON),
    /** As openai-whisper writes it. */
    JSON(ResponseFormat.JSON);

    private final ResponseFormat asked;

    Output(ResponseFormat asked) {
        this.asked = asked;
    }

    /** What the job is asked for. */
    ResponseFormat asked() {
        return asked;
    }
}
