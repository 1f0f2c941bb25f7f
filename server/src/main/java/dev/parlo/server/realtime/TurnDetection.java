package dev.parlo.server.realtime;

import dev.parlo.server.listening.TurnSettings;
import java.util.OptionalInt;

/**
 * How turns are found.
 *
 * @param type that the client named
 * @param createResponse whether a turn is answered by itself
 * @param interruptResponse whether a voice ends the answer before it
 * @param idleTimeoutMs after which silence of the client is answered, too
 * @param eagerness of {@link Type#SEMANTIC}
 */
record TurnDetection(
        Type type,
        double threshold,
        int prefixPaddingMs,
        int silenceMs,
        boolean createResponse,
        boolean interruptResponse,
        OptionalInt idleTimeoutMs,
        Eagerness eagerness) {
    static final int LONGEST_MS = 60_000;

    enum Type {
        /** By silence. */
        SERVER,
        /** By what is said, else by a longer silence. */
        SEMANTIC
    }

    /**
     * How soon a turn is taken for over.
     *
     * @see TurnDetection#detection
     */
    enum Eagerness {
        LOW(1000, 8000),
        MEDIUM(500, 4000),
        HIGH(200, 2000),
        AUTO(500, 4000);

        private final int sentenceMs;
        private final int silenceMs;

        Eagerness(int sentenceMs, int silenceMs) {
            this.sentenceMs = sentenceMs;
            this.silenceMs = silenceMs;
        }
    }

    /** What OpenAI's service uses. */
    static TurnDetection server(boolean createResponse) {
        return usual(Type.SERVER, createResponse);
    }

    static TurnDetection semantic(boolean createResponse) {
        return usual(Type.SEMANTIC, createResponse);
    }

    private static TurnDetection usual(Type type, boolean createResponse) {
        return new TurnDetection(
                type, 0.5, 300, 500, createResponse, true, OptionalInt.empty(), Eagerness.AUTO);
    }

    TurnSettings.Detection detection() {
        return type == Type.SERVER
                ? new TurnSettings.Detection(threshold, prefixPaddingMs, silenceMs)
                : new TurnSettings.Detection(
                        threshold, prefixPaddingMs, eagerness.silenceMs, eagerness.sentenceMs);
    }
}
