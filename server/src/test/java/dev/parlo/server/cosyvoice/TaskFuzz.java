package dev.parlo.server.cosyvoice;

import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Refusals;

/** Tasks of CosyVoice's protocol. */
public final class TaskFuzz {
    private TaskFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Refusals.only4xx(() -> TaskParameters.read(Fields.json(input).root()));
        Refusals.only4xx(() -> RecognitionParameters.read(Fields.json(input).root()));
    }
}
