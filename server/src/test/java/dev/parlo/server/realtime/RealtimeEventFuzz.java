package dev.parlo.server.realtime;

import dev.parlo.server.http.Json;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What events of a Realtime client hold: sessions and items. The first byte chooses. */
public final class RealtimeEventFuzz {
    private RealtimeEventFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        JsonNode root;
        try {
            root = Json.mapper().readTree(Arrays.copyOfRange(input, 1, input.length));
        } catch (JacksonException notJson) {
            return;
        }
        try {
            Given given = new Given(root, "session");
            SessionSettings settings =
                    (input[0] & 2) == 0
                            ? SessionSettings.conversation("m")
                            : SessionSettings.transcription("m");
            if ((input[0] & 1) == 0) {
                new SessionReader(settings).read(given);
                settings.copy().bytes();
                for (Dialect dialect : Dialect.values()) {
                    Json.text(new SessionView("sess_1", settings, "m", 1).in(dialect));
                }
            } else {
                Item item = new ItemReader(new Ids(), settings.input).read(given);
                for (Dialect dialect : Dialect.values()) {
                    Json.text(ItemView.of(item, dialect, true));
                }
                Truncation.at(item, 0, 500);
            }
        } catch (RealtimeException refused) {
            if (String.valueOf(refused.getMessage()).isBlank()) {
                throw refused;
            }
        }
    }
}
