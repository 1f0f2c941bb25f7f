package dev.parlo.registry;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A model that comes with the server and has no files of its own.
 *
 * @param id what requests call it
 * @param model the model, or empty where this machine lacks what it needs; found when it is first
 *     asked for, which may take a moment, and once found the same at every later call
 * @param lacking what that is; asked for only where there is no model, and empty where the refusal
 *     of a model that is not installed says enough
 */
public record PartOfServer(
        ModelId id,
        Supplier<Optional<InstalledModel>> model,
        Supplier<Optional<Unusable.Lacking>> lacking) {
    public PartOfServer(ModelId id, Supplier<Optional<InstalledModel>> model) {
        this(id, model, Optional::empty);
    }

    /** A part that needs nothing of the machine. */
    public static PartOfServer of(InstalledModel model) {
        return new PartOfServer(model.id(), () -> Optional.of(model));
    }

    RepositoryReader.Reading reading() {
        List<InstalledModel> found = model.get().stream().toList();
        return found.isEmpty()
                ? lacking.get()
                        .map(why -> RepositoryReader.Reading.of(id, why, Map.of()))
                        .orElse(RepositoryReader.Reading.of(found))
                : RepositoryReader.Reading.of(found);
    }
}
