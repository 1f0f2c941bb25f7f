package dev.parlo.server.wyoming;

import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.http.Refusals;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Events of the Wyoming protocol in a stream of bytes. */
public final class WyomingFuzz {
    private WyomingFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        MemoryBudget budget = new MemoryBudget(64L << 20);
        try (MemoryBudget.Share share = budget.open()) {
            EventReader reader = new EventReader(new ByteArrayInputStream(input), share);
            Refusals.only4xx(() -> {
                try {
                    for (Event event = reader.next(); event != null; event = reader.next()) {
                        event.text("text");
                        PcmFormat.of(event.data()).wavHeader();
                    }
                } catch (IOException cut) {
                    // the client left within an event
                }
            });
        }
        if (budget.held() != 0) {
            throw new IllegalStateException(budget.held() + " bytes are still counted");
        }
    }
}
