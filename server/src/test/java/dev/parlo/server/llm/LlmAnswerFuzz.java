package dev.parlo.server.llm;

import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Json;
import java.io.IOException;
import java.util.Arrays;
import okio.Buffer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What a language model's server answers: events, or an error. The first byte chooses. */
public final class LlmAnswerFuzz {
    private LlmAnswerFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] answer = Arrays.copyOfRange(input, 1, input.length);
        try {
            if ((input[0] & 1) == 0) {
                events(answer);
            } else {
                told(LlmErrors.refused(400 + (input[0] & 0xff) / 2, answer));
            }
        } catch (ApiError refused) {
            told(refused);
        } catch (IOException broken) {
            // it broke off
        }
    }

    private static void events(byte[] answer) throws IOException {
        EventLines events = new EventLines(new Buffer().write(answer));
        for (String data = events.next(); data != null; data = events.next()) {
            JsonNode error;
            try {
                error = Json.mapper().readTree(data);
            } catch (JacksonException notJson) {
                continue;
            }
            told(LlmErrors.failed(error));
        }
    }

    private static void told(ApiError error) {
        Json.text(error.body());
        if (error.message().length() > 5_000) {
            throw new IllegalStateException("a message of " + error.message().length());
        }
    }
}
