package dev.parlo.server.transcription;

import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Refusals;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fields of a transcription, as a form: lines of NAME=VALUE; or as JSON, behind an opening brace.
 */
public final class TranscriptionFieldsFuzz {
    private TranscriptionFieldsFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Refusals.only4xx(() -> {
            Fields fields = input.length > 0 && input[0] == '{' ? Fields.json(input) : form(input);
            TranscriptionJob.of(fields);
            fields.check();
        });
    }

    private static Fields form(byte[] input) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String line : new String(input, StandardCharsets.UTF_8).split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0 && equals < line.length() - 1) {
                values.computeIfAbsent(line.substring(0, equals), name -> new ArrayList<>())
                        .add(line.substring(equals + 1));
            }
        }
        return Fields.form(name -> values.getOrDefault(name, List.of()), values.keySet());
    }
}
