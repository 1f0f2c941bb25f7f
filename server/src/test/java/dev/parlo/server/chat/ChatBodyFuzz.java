package dev.parlo.server.chat;

import dev.parlo.server.http.Refusals;
import java.util.Arrays;

/** JSON bodies of conversations. */
public final class ChatBodyFuzz {
    private ChatBodyFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > 0) {
            byte[] body = Arrays.copyOfRange(input, 1, input.length);
            Refusals.only4xx(() -> ChatRequest.read(body, (input[0] & 1) == 0));
        }
    }
}
