package dev.parlo.server.registry;

import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.hub.RegistryEntries;
import dev.parlo.server.models.ModelLibrary;
import java.util.Optional;

/**
 * What the Hub offers under a name that clients use, compared with what is installed. Thread-safe.
 */
public record Offers(RegistryEntries entries, ModelLibrary library) {
    /**
     * One repository of the Hub. An installed model is also shown where the Hub does not know it or
     * cannot be asked, and one that is part of the server without asking.
     *
     * @param name an id or an alias
     * @throws RegistryException as {@link RegistryEntries#find}, for what is not installed;
     *     INVALID_ID
     */
    public RegistryEntryView find(String name) {
        ModelId id = library.resolve(name);
        Optional<InstalledModel> here = library.find(name);
        if (here.isPresent() && here.get().origin() == InstalledModel.Origin.BUILT_IN) {
            return RegistryEntryView.of(here.get(), null);
        }
        try {
            return RegistryEntryView.of(entries.find(id), library::has);
        } catch (RegistryException absent) {
            return RegistryEntryView.of(here.orElseThrow(() -> absent), absent.getMessage());
        }
    }
}
