package dev.parlo.server.speech;

import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.Refusals;
import java.util.Arrays;
import tools.jackson.core.JacksonException;

/** JSON bodies that ask for speech, and the files of pronunciations. The first byte chooses. */
public final class SpeechBodyFuzz {
    private SpeechBodyFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] body = Arrays.copyOfRange(input, 1, input.length);
        Refusals.only4xx(() -> {
            switch (input[0] & 3) {
                case 0 -> SpeechRequest.read(body, false, false);
                case 1 -> SpeechRequest.read(body, true, true);
                case 2 -> {
                    Fields fields = Fields.json(body);
                    SpeechFields.order(fields);
                    fields.check();
                }
                default -> {
                    try {
                        PronunciationFile.lexicon(Json.mapper().readTree(body));
                    } catch (JacksonException | IllegalArgumentException refused) {
                        // as its reader takes them
                    }
                }
            }
        });
    }
}
