package dev.parlo.registry;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * A model that comes with the server and has no files of its own.
 *
 * @param id what requests call it
 * @param model the model, or empty where this machine lacks what it needs; found when it is first
 *     asked for, which may take a moment, and once found the same at every later call
 */
public record PartOfServer(ModelId id, Supplier<Optional<InstalledModel>> model) {
    /** A part that needs nothing of the machine. */
    public static PartOfServer of(InstalledModel model) {
        return new PartOfServer(model.id(), () -> Optional.of(model));
    }

    RepositoryReader.Reading reading() {
        return RepositoryReader.Reading.of(model.get().stream().toList());
    }
}
