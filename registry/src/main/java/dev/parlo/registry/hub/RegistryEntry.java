package dev.parlo.registry.hub;

import dev.parlo.registry.ModelCard;
import dev.parlo.registry.ModelId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One repository of the Hub, as its names and sizes tell it, without downloading anything.
 *
 * @param card of the model that the id means; of the whole repository where it means none of
 *     several
 * @param chosen whether the id means one model
 * @param files bytes by path of what would be downloaded, as far as names tell: a graph's own
 *     weights in other files are known when it is there; none where no model is chosen; -1 for a
 *     size that the Hub does not give
 * @param variants every model that it holds
 */
public record RegistryEntry(
        ModelCard card, boolean chosen, SortedMap<String, Long> files, List<Variant> variants) {
    /**
     * A model of the repository.
     *
     * @param bytes of its files, -1 where the Hub does not give them
     */
    public record Variant(ModelId id, long bytes) {}

    public RegistryEntry {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        variants = List.copyOf(variants);
    }

    /** Of all files, -1 where the size of one is not known. */
    public long bytes() {
        return sum(files);
    }

    /** Sizes come from outside: what is too much for a number stays the largest number. */
    static long sum(Map<String, Long> files) {
        long sum = 0;
        for (long size : files.values()) {
            if (size < 0) {
                return -1;
            }
            sum = sum > Long.MAX_VALUE - size ? Long.MAX_VALUE : sum + size;
        }
        return sum;
    }
}
