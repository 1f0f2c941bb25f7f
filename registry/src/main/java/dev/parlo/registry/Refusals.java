package dev.parlo.registry;

import dev.parlo.registry.RegistryException.Category;
import java.util.List;
import java.util.Optional;

/**
 * The errors for models that cannot be used. A message names a command only where it can work.
 *
 * @param offline whether nothing can be downloaded
 */
record Refusals(boolean offline) {
    /** The refusal for a repository of no supported family. */
    static RegistryException unsupported(ModelId id) {
        return unsupported(id, "");
    }

    /**
     * @param why what its files are instead, in sentences; "" where nothing is known of them
     */
    static RegistryException unsupported(ModelId id, String why) {
        return new RegistryException(
                Category.UNSUPPORTED,
                "Model '"
                        + id
                        + "' is not supported."
                        + (why.isEmpty() ? "" : " " + why)
                        + Alternatives.of(id).map(way -> " " + way).orElse("")
                        + " Supported formats: "
                        + ModelFamily.supportedFormats()
                        + ".");
    }

    /** The refusal of a model whose files are all there, as its repository holds them. */
    static RegistryException fetchedInVain(ModelId id, Unusable why) {
        return new RegistryException(
                Category.UNSUPPORTED,
                "Model '"
                        + id
                        + "' was downloaded, but cannot be used: "
                        + switch (why) {
                            case Unusable.Unsupported(String what) when !what.isEmpty() ->
                                    what.substring(0, what.length() - 1);
                            case Unusable.Unsupported(String unknown) ->
                                    "its files are not those of a supported model. Supported"
                                            + " formats: "
                                            + ModelFamily.supportedFormats();
                            case Unusable.Broken(String what) -> what;
                            case Unusable.Lacking(Category category, String what) -> what;
                            case Unusable.Unfinished(List<String> missing) ->
                                    "its repository lacks " + some(missing);
                        }
                        + ".");
    }

    RegistryException unusable(ModelId id, Unusable why) {
        return switch (why) {
            case Unusable.Lacking(Category category, String what) ->
                    new RegistryException(category, what);
            case Unusable.Unsupported(String what) -> unsupported(id, what);
            case Unusable.Broken(String what) ->
                    new RegistryException(
                            Category.BROKEN,
                            "Model '"
                                    + id
                                    + "' is installed but broken: "
                                    + what
                                    + ". Mend or remove its folder.");
            case Unusable.Unfinished(List<String> missing)
                    when missing.isEmpty() && Alternatives.instead(id).isPresent() ->
                    unsupported(id); // no download would ever complete it
            case Unusable.Unfinished(List<String> missing) ->
                    new RegistryException(
                            Category.NOT_FOUND,
                            "Model '"
                                    + id
                                    + "' is not installed locally: its download is not finished"
                                    + (missing.isEmpty() ? "" : " (missing: " + some(missing) + ")")
                                    + "."
                                    + (offline
                                            ? offlineAdvice()
                                            : " Complete it using `POST /v1/models`. Command:"
                                                    + " `parlo model download "
                                                    + id
                                                    + "`."));
        };
    }

    /**
     * @param installed what is there of the same repository
     * @param ready built-in models that do the same
     */
    RegistryException notInstalled(
            ModelId id, List<InstalledModel> installed, List<ModelId> ready) {
        List<ModelId> variants = installed.stream().map(InstalledModel::id).toList();
        boolean withoutVariants =
                !id.variant().isEmpty()
                        && installed.stream().anyMatch(model -> !model.family().hasVariants());
        Optional<String> alternative = Alternatives.instead(id);
        if (alternative.isPresent() && variants.isEmpty() && !id.owner().isEmpty()) {
            return unsupported(id);
        }
        return new RegistryException(
                Category.NOT_FOUND,
                "Model '"
                        + id
                        + "' is not installed locally."
                        + (variants.isEmpty() ? "" : " Installed of it: " + variants + ".")
                        + (withoutVariants
                                ? " Its repository holds one model, without a variant: leave out"
                                        + " ':"
                                        + id.variant()
                                        + "'."
                                : wayToIt(id, variants, alternative))
                        + (ready.isEmpty() ? "" : " Built in and ready: " + ready + "."));
    }

    private String wayToIt(ModelId id, List<ModelId> variants, Optional<String> alternative) {
        if (offline) {
            return offlineAdvice();
        }
        if (alternative.isPresent()) {
            return " " + alternative.get();
        }
        if (id.owner().isEmpty()) {
            return " " + noId().orElseThrow();
        }
        if (id.variant().isEmpty() && !variants.isEmpty()) {
            return " Name one of them.";
        }
        return " You can download the model using `POST /v1/models`. Command: `parlo model download "
                + id
                + "`.";
    }

    /** What to do about a name that is almost certainly not a repository's. */
    static Optional<String> noId() {
        return Optional.of(
                "It is neither an alias nor an id owner/name. Models that can be downloaded are"
                        + " listed by `GET /v1/registry`. Command: `parlo registry ls`.");
    }

    private static String offlineAdvice() {
        return " HF_HUB_OFFLINE is set, so it cannot be downloaded: unset it, or copy the model's"
                + " folder into the cache or under MODELS_PATH.";
    }

    private static String some(List<String> files) {
        return String.join(", ", files.subList(0, Math.min(5, files.size())))
                + (files.size() > 5 ? " …" : "");
    }
}
