package dev.parlo.server.asrwebservice;

/** The forms that {@code /asr} writes a transcript in. */
enum Output {
    /** A line a segment. */
    TXT,
    VTT,
    SRT,
    /** Start and end in milliseconds and the text, separated by tabs. */
    TSV,
    /** As openai-whisper writes it. */
    JSON
}
