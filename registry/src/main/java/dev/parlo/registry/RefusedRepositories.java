package dev.parlo.registry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Why repositories cannot be used, as their downloads told: nothing on disk says so. As many as
 * were refused lately are remembered. Thread-safe.
 */
final class RefusedRepositories {
    private static final int MOST = 1_000;

    private final Map<ModelId, RegistryException> reasons =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<ModelId, RegistryException> eldest) {
                    return size() > MOST;
                }
            };

    synchronized void add(ModelId id, RegistryException why) {
        reasons.put(id.repository(), why);
    }

    /** Why the repository of a model cannot be used. */
    synchronized Optional<RegistryException> reason(ModelId id) {
        return Optional.ofNullable(reasons.get(id.repository()));
    }
}
