package dev.parlo.server.models;

import dev.parlo.registry.InstalledModel;
import java.util.Optional;

/** Names that are always accepted, since a model answers for them where theirs is not installed. */
public interface StandIns {
    /** The model that answers for a name whose own is not installed; empty where none does. */
    Optional<InstalledModel> of(String name);
}
