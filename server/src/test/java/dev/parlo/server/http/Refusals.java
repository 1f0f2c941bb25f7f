package dev.parlo.server.http;

import dev.parlo.engine.EngineException;

/** For the targets of the fuzzer: reads something, which must succeed or be the client's fault. */
public final class Refusals {
    private Refusals() {}

    public static void only4xx(Runnable reading) {
        try {
            reading.run();
        } catch (ApiError | EngineException refused) {
            ApiError told = ErrorMapper.toApiError(refused);
            if (told.status() < 400 || told.status() >= 500) {
                throw refused;
            }
            if (told.getMessage() == null || told.getMessage().isBlank()) {
                throw new IllegalStateException("a refusal without a word", refused);
            }
            Json.text(told.body());
        }
    }
}
