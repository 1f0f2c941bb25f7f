package dev.parlo.server.transcription;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The forms that a transcript is written in. */
public enum ResponseFormat {
    TEXT("text/plain; charset=utf-8", "txt"),
    JSON("application/json", "json"),
    VERBOSE_JSON("application/json", "json"),
    SRT("text/plain; charset=utf-8", "srt"),
    VTT("text/vtt; charset=utf-8", "vtt"),
    DIARIZED_JSON("application/json", "json");

    private final String contentType;
    private final String extension;

    ResponseFormat(String contentType, String extension) {
        this.contentType = contentType;
        this.extension = extension;
    }

    /** The content type, byte for byte. */
    public String contentType() {
        return contentType;
    }

    /** Of a file that holds it, without the dot. */
    public String extension() {
        return extension;
    }

    /** The name in requests, such as {@code verbose_json}. */
    public String apiName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static List<String> apiNames() {
        return Arrays.stream(values()).map(ResponseFormat::apiName).toList();
    }
}
