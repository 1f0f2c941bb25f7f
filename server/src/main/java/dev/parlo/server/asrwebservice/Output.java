package dev.parlo.server.asrwebservice;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The forms that {@code /asr} writes a transcript in. */
enum Output {
    /** A line a segment. */
    TXT,
    VTT,
    SRT,
    /** Start and end in milliseconds and the text, separated by tabs. */
    TSV,
    /** As openai-whisper writes it. */
    JSON;

    String apiName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Output::apiName).toList();
    }

    static Output of(String apiName) {
        return valueOf(apiName.toUpperCase(Locale.ROOT));
    }
}
