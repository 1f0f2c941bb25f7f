package dev.parlo.server.chat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Texts that may be asked for again within a while. Bounded by number and by length together: the
 * oldest go first. Thread-safe.
 */
final class RecentTexts {
    private static final int MOST = 4096;
    private static final long MOST_CHARACTERS = 16L << 20;

    private record Entry(String text, Instant until) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Duration kept;
    private final InstantSource clock;
    private long characters;

    /**
     * @param kept how long
     */
    RecentTexts(Duration kept, InstantSource clock) {
        this.kept = kept;
        this.clock = clock;
    }

    /** Keeps a text; one under the same name is replaced. */
    synchronized Instant put(String name, String text) {
        Instant until = clock.instant().plus(kept);
        remove(name);
        entries.put(name, new Entry(text, until));
        characters += text.length();
        while (!entries.isEmpty() && (entries.size() > MOST || characters > MOST_CHARACTERS)) {
            remove(entries.keySet().iterator().next());
        }
        return until;
    }

    synchronized Optional<String> get(String name) {
        Entry entry = entries.get(name);
        if (entry != null && clock.instant().isAfter(entry.until())) {
            remove(name);
            return Optional.empty();
        }
        return Optional.ofNullable(entry).map(Entry::text);
    }

    private void remove(String name) {
        Entry gone = entries.remove(name);
        characters -= gone == null ? 0 : gone.text().length();
    }
}
