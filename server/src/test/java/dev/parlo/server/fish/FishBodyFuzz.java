package dev.parlo.server.fish;

import dev.parlo.server.http.Refusals;

/** MessagePack, and what it asks for. */
public final class FishBodyFuzz {
    private FishBodyFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Refusals.only4xx(() -> FishRequest.read(MessagePackReader.map(input), null));
    }
}
