package dev.parlo.server.transcription;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fields of a transcription that are written by a protocol which calls them otherwise. The names
 * are those of {@link TranscriptionOptions}, and so are the checks. One thread.
 */
public final class JobFields {
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    /** Sets a field; a list has each of its values. */
    public void set(String name, Object value) {
        List<String> texts = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(item -> texts.add(String.valueOf(item)));
        } else {
            texts.add(String.valueOf(value));
        }
        values.put(name, texts);
    }

    /** Sets the format that {@link TranscriptionAnswers.Heard#written} has. */
    public void format(ResponseFormat format) {
        set("response_format", format.apiName());
    }

    /**
     * The job that they describe.
     *
     * @throws dev.parlo.server.http.ApiError 422 for values that do not fit together
     */
    public TranscriptionJob job() {
        return TranscriptionJob.of(name -> values.getOrDefault(name, List.of()));
    }
}
