package dev.parlo.server.cosyvoice;

import dev.parlo.server.http.Json;
import dev.parlo.server.http.Refusals;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Tasks of CosyVoice's protocol, of speech and of recognition. */
public final class TaskFuzz {
    private TaskFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        JsonNode payload;
        try {
            payload = Json.mapper().readTree(input);
        } catch (JacksonException notJson) {
            return;
        }
        Refusals.only4xx(() -> TaskParameters.read(payload));
        Refusals.only4xx(() -> {
            RecognitionParameters parameters = RecognitionParameters.read(payload);
            parameters.decoder();
            parameters.settings("m");
        });
    }
}
