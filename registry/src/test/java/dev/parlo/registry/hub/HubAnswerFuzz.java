package dev.parlo.registry.hub;

import dev.parlo.registry.FileStart;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.RegistryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a Hub answers: the JSON of models, and headers. The first byte chooses. */
public final class HubAnswerFuzz {
    private HubAnswerFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        String text = new String(input, 1, input.length - 1, StandardCharsets.UTF_8);
        switch (input[0] & 3) {
            case 0 -> model(text);
            case 1 -> LinkHeader.next(List.of(text.split("\n", -1)));
            case 2 -> {
                WaitHeaders.rateLimit(List.of(text.split("\n", -1)));
                WaitHeaders.retryAfter(text);
            }
            default -> {
                try {
                    ContentRange.parse(text);
                } catch (IOException refused) {
                    // no range
                }
            }
        }
    }

    private static void model(String text) {
        JsonNode json;
        try {
            json = JsonMapper.shared().readTree(text);
        } catch (JacksonException notJson) {
            return;
        }
        for (ModelFamily family : ModelFamily.values()) {
            HubModel.listed(json)
                    .ifPresent(model ->
                            model.card(
                                    family,
                                    model.id(),
                                    model.contents(model.id(), FileStart.NONE)));
        }
        try {
            HubModel.whole(json);
        } catch (RegistryException tooManyFiles) {
            // as its reader takes it
        }
    }
}
