package dev.parlo.server.realtime;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keys for clients that must not have the server's: each opens Realtime sessions alone, as they
 * were set up, until it expires. Thread-safe.
 */
public final class ClientSecrets {
    static final int SHORTEST_SECONDS = 10;
    static final int LONGEST_SECONDS = 7200;
    private static final String PREFIX = "ek_";
    private static final int MOST = 10_000;

    /** Of the settings of one key, and of all of them. */
    static final long MOST_BYTES = 1L << 20;

    private static final long MOST_BYTES_OF_ALL = 32 * MOST_BYTES;

    private final InstantSource clock;
    private final Ids ids = new Ids();
    private final Map<String, Secret> secrets = new LinkedHashMap<>();
    private long bytes;

    public ClientSecrets(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * A key and what it is for.
     *
     * @param value that the client shows
     * @param settings that the session begins with
     * @param dialect in which it was made
     */
    record Secret(String value, Instant expires, SessionSettings settings, Dialect dialect) {}

    /**
     * Makes a key; of too many the oldest is forgotten.
     *
     * @throws RealtimeException for settings that take more than {@link #MOST_BYTES}
     */
    synchronized Secret make(Duration life, SessionSettings settings, Dialect dialect) {
        Instant now = clock.instant();
        long needed = settings.bytes();
        if (needed > MOST_BYTES) {
            throw new RealtimeException(
                    "session_too_large",
                    "The session takes "
                            + needed
                            + " bytes of memory; with a key "
                            + MOST_BYTES
                            + " at most are kept. Send the rest in session.update.",
                    "session");
        }
        bytes += needed;
        Iterator<Secret> oldest = secrets.values().iterator();
        while (oldest.hasNext()) {
            Secret secret = oldest.next();
            boolean expired = !secret.expires().isAfter(now);
            if (expired || secrets.size() >= MOST || bytes > MOST_BYTES_OF_ALL) {
                bytes -= secret.settings().bytes();
                oldest.remove();
            }
        }
        // 42 letters of 62: 250 bits.
        String value = ids.next(PREFIX) + ids.next("");
        Secret secret = new Secret(value, now.plus(life), settings, dialect);
        secrets.put(value, secret);
        return secret;
    }

    synchronized @Nullable Secret find(@Nullable String value) {
        Secret secret = value == null ? null : secrets.get(value);
        return secret != null && secret.expires().isAfter(clock.instant()) ? secret : null;
    }

    /** Whether a key is one of these and has not expired. */
    public boolean isValid(String value) {
        return find(value) != null;
    }
}
