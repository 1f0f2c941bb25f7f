package dev.parlo.registry;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A model that lies complete on this machine.
 *
 * @param directory its folder: a snapshot of a Hugging Face cache or a plain folder
 * @param revision the commit of a cached snapshot, "" for a plain folder
 * @param files bytes by path in the folder, with {@code /}; only the files the family needs
 */
public record InstalledModel(
        ModelId id,
        ModelFamily family,
        Path directory,
        Origin origin,
        String revision,
        ModelCard card,
        SortedMap<String, Long> files) {
    private static final Pattern GGML = Pattern.compile(".*\\.bin");
    private static final Pattern EXPORTED_ENCODER =
            Pattern.compile("(?:onnx/)?encoder_model[^/]*\\.onnx");
    private static final Pattern ENCODER = Pattern.compile("encoder-model[^/]*\\.onnx");

    /** Where it lies. */
    public enum Origin {
        /** Shipped with the server; cannot be deleted. */
        BUILT_IN,
        /** In a folder the operator gave ({@code MODELS_PATH}); not deleted by the server. */
        LOCAL,
        /** In the Hugging Face cache. */
        CACHE
    }

    public InstalledModel {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /**
     * A model that is part of the server itself and has no files of its own.
     *
     * @param languages as a card would name them; only where the task has languages
     * @param speech the voices of a text-to-speech model, null for others
     * @param directory whatever its engine reads
     */
    public static InstalledModel partOfServer(
            ModelId id,
            ModelFamily family,
            List<String> languages,
            @Nullable SpeechVoices speech,
            Path directory) {
        ModelCard card =
                new ModelCard(
                        id,
                        family,
                        ModelCard.languagesFor(family.task(), languages),
                        Instant.EPOCH,
                        List.of(),
                        0,
                        0,
                        false,
                        speech);
        return new InstalledModel(
                id, family, directory, Origin.BUILT_IN, "", card, new TreeMap<>());
    }

    public ModelTask task() {
        return family.task();
    }

    /** The newest file's time. */
    public Instant created() {
        return card.created();
    }

    /** The files that hold its numbers, of which a repository may have others beside them. */
    public List<String> weights() {
        return files.keySet().stream().filter(ModelFiles::isWeights).toList();
    }

    /** What its files tell of its size; reads the head of its weights. */
    public ModelFiles measured() {
        return ModelFiles.of(
                id,
                family,
                files,
                (file, most) -> RepositoryReader.start(directory.resolve(file), most));
    }

    public long sizeBytes() {
        return files.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * The file that tells a model from others in its folder, in the families of which one folder
     * may hold several: GGML's checkpoint, an encoder in ONNX. Empty for other families.
     */
    public Optional<Path> checkpoint() {
        @Nullable Pattern name =
                switch (family) {
                    case WHISPER_GGML -> GGML;
                    case PARAKEET -> ENCODER;
                    case WHISPER_ONNX -> EXPORTED_ENCODER;
                    default -> null;
                };
        return name == null
                ? Optional.empty()
                : files.keySet().stream()
                        .filter(file -> name.matcher(file).matches())
                        .findFirst()
                        .map(directory::resolve);
    }

    /** The file of a model that is one ONNX graph; empty for other families. */
    public Optional<Path> graph() {
        return files.keySet().stream()
                .filter(file -> file.endsWith(".onnx"))
                .findFirst()
                .map(directory::resolve);
    }

    /** The files as a plain map, for messages. */
    @Override
    public String toString() {
        return id + " (" + family + ", " + origin + ", " + Map.copyOf(files).keySet() + ")";
    }
}
