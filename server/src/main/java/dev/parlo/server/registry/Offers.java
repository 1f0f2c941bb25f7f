package dev.parlo.server.registry;

import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import dev.parlo.registry.hub.RegistryEntries;
import dev.parlo.server.models.ModelLibrary;

/**
 * What the Hub offers under a name that clients use, compared with what is installed. Thread-safe.
 */
public record Offers(RegistryEntries entries, ModelLibrary library) {
    /**
     * One repository of the Hub.
     *
     * @param name an id or an alias
     * @throws RegistryException as {@link RegistryEntries#find}; INVALID_ID
     */
    public RegistryEntryView find(String name) {
        ModelId id = library.resolve(name);
        try {
            return RegistryEntryView.of(entries.find(id), library::has);
        } catch (RegistryException absent) {
            boolean here =
                    library.find(name)
                            .filter(model -> model.origin() != InstalledModel.Origin.CACHE)
                            .isPresent();
            throw here && absent.category() == Category.NOT_FOUND
                    ? new RegistryException(
                            Category.NOT_FOUND,
                            "The Hub has no model '"
                                    + id
                                    + "'. It is installed on this machine: `parlo model show "
                                    + id
                                    + "`, `GET /v1/models/"
                                    + id
                                    + "`.",
                            absent)
                    : absent;
        }
    }
}
