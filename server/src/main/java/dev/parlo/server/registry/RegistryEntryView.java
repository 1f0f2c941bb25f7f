package dev.parlo.server.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.hub.RegistryEntry;
import dev.parlo.server.models.ModelView;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One repository of the Hub as {@code /v1/registry/ID} answers it: the keys of a list's entry, then
 * what a list does not tell. Of an installed model that the Hub tells nothing of, the keys of an
 * installed one.
 *
 * @param model the one that the id means, or the repository where it means none of several
 * @param license as the card abbreviates it; null where it names none
 * @param installed whether that model lies complete on this machine
 * @param downloadBytes of its files; null where the Hub does not give them, or none is meant
 * @param files that would be downloaded, or lie here; empty where the id means none of several
 *     models
 * @param variants every model that the repository holds, each by the id to type
 * @param problems why the Hub tells nothing of an installed model; left out where it does, or is
 *     not asked
 */
public record RegistryEntryView(
        @JsonUnwrapped ModelView model,
        @Nullable String license,
        boolean installed,
        @Nullable Long downloadBytes,
        List<FileView> files,
        List<VariantView> variants,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> problems) {
    /** A file; the size is left out where the Hub does not give it. */
    public record FileView(
            String path, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long sizeBytes) {}

    /** A model of the repository; the size is left out where the Hub does not give it. */
    public record VariantView(
            String id,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long downloadBytes,
            boolean installed) {}

    /**
     * @param installed whether a model of exactly this id lies on this machine
     */
    public static RegistryEntryView of(RegistryEntry entry, Predicate<ModelId> installed) {
        return new RegistryEntryView(
                ModelView.remote(entry.card()),
                entry.card().licence().orElse(null),
                entry.chosen() && installed.test(entry.card().id()),
                entry.chosen() ? known(entry.bytes()) : null,
                entry.files().entrySet().stream()
                        .map(file -> new FileView(file.getKey(), known(file.getValue())))
                        .toList(),
                entry.variants().stream()
                        .map(variant ->
                                new VariantView(
                                        variant.id().toString(),
                                        known(variant.bytes()),
                                        installed.test(variant.id())))
                        .toList(),
                null);
    }

    /**
     * What is known here.
     *
     * @param problem why the Hub tells nothing of it, null where it was not asked
     */
    public static RegistryEntryView of(InstalledModel model, @Nullable String problem) {
        return new RegistryEntryView(
                ModelView.installed(model),
                model.card().licence().orElse(null),
                true,
                null,
                model.files().entrySet().stream()
                        .map(file -> new FileView(file.getKey(), file.getValue()))
                        .toList(),
                List.of(new VariantView(model.id().toString(), null, true)),
                problem == null ? null : List.of(problem));
    }

    private static @Nullable Long known(long bytes) {
        return bytes < 0 ? null : bytes;
    }
}
