package dev.parlo.engine.pool;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Chooses which idle engine makes room. */
interface EvictionPolicy {
    /**
     * An idle engine that may go.
     *
     * @param lastUse grows with every lease and every release; the lowest was unused the longest
     */
    record Candidate<K>(K key, long sizeBytes, long lastUse) {}

    /** The one to unload first; empty keeps them all. Must return an element of the list. */
    <K> Optional<Candidate<K>> choose(List<Candidate<K>> idle);

    /** The engine that was unused the longest. */
    static EvictionPolicy leastRecentlyUsed() {
        return new EvictionPolicy() {
            @Override
            public <K> Optional<Candidate<K>> choose(List<Candidate<K>> idle) {
                return idle.stream().min(Comparator.comparingLong(Candidate::lastUse));
            }
        };
    }
}
