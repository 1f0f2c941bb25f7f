package dev.parlo.server.captions;

import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Refusals;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Queries of live captions: lines of NAME=VALUE, in the protocol that the first byte chooses. */
public final class CaptionQueryFuzz {
    private CaptionQueryFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        String text = new String(input, 1, input.length - 1, StandardCharsets.UTF_8);
        for (String line : text.split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0 && equals < line.length() - 1) {
                values.computeIfAbsent(line.substring(0, equals), name -> new ArrayList<>())
                        .add(line.substring(equals + 1));
            }
        }
        Fields fields = Fields.form(name -> values.getOrDefault(name, List.of()), values.keySet());
        Refusals.only4xx(() -> {
            CaptionQuery query =
                    (input[0] & 1) == 0 ? CaptionQuery.read(fields) : CaptionQuery.deepgram(fields);
            query.decoder();
            query.settings("m");
        });
    }
}
