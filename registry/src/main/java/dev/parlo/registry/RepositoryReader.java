package dev.parlo.registry;

import dev.parlo.registry.InstalledModel.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads one model folder, plain or in a Hugging Face cache, into the models it holds. */
final class RepositoryReader {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long LONGEST_TEXT = 4L << 20;

    /**
     * What a folder held when it was read.
     *
     * @param models none when it is incomplete or of no supported family
     * @param supported whether its files are of a supported family
     * @param folders modification times by which a change shows
     */
    record Reading(List<InstalledModel> models, boolean supported, Map<Path, FileTime> folders) {
        Reading {
            models = List.copyOf(models);
            folders = Map.copyOf(folders);
        }
    }

    /** Reads {@code root/models--owner--name}; empty when there is none. */
    Optional<Reading> readCached(CacheLayout layout, ModelId id) throws IOException {
        Path repository = layout.repository(id);
        if (!Files.isDirectory(repository, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty(); // absent, or a link that may lead anywhere
        }
        Map<Path, FileTime> folders = new HashMap<>();
        for (Path folder :
                List.of(
                        repository,
                        layout.snapshots(id),
                        layout.blobs(id),
                        layout.references(id))) {
            if (Files.isDirectory(folder)) {
                folders.put(folder, Files.getLastModifiedTime(folder));
            }
        }
        Optional<String> commit = commit(layout, id);
        if (commit.isEmpty()) {
            return Optional.of(new Reading(List.of(), false, folders));
        }
        Path snapshot = layout.snapshot(id, commit.get());
        if (!Files.isDirectory(snapshot, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(new Reading(List.of(), false, folders));
        }
        Reading reading =
                read(id, snapshot, layout.root().toRealPath(), Origin.CACHE, commit.get());
        folders.putAll(reading.folders());
        return Optional.of(new Reading(reading.models(), reading.supported(), folders));
    }

    /** Reads a plain folder; empty when there is none. */
    Optional<Reading> readPlain(Path root, ModelId id, Origin origin) throws IOException {
        Path folder = root.resolve(id.repository().toString());
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        if (!folder.toRealPath().startsWith(root.toRealPath())) {
            throw new IOException("it leads out of " + root);
        }
        return Optional.of(read(id.repository(), folder, root.toRealPath(), origin, ""));
    }

    /** The commit that counts: what refs/main says, else the only snapshot there is. */
    private static Optional<String> commit(CacheLayout layout, ModelId id) throws IOException {
        Path main = layout.mainReference(id);
        if (Files.isRegularFile(main, LinkOption.NOFOLLOW_LINKS) && Files.size(main) <= 128) {
            return Optional.of(Files.readString(main, StandardCharsets.ISO_8859_1).strip())
                    .filter(CacheLayout::isCommit);
        }
        if (!Files.isDirectory(layout.snapshots(id), LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (Stream<Path> snapshots = Files.list(layout.snapshots(id))) {
            List<String> commits =
                    snapshots
                            .map(path -> path.getFileName().toString())
                            .filter(CacheLayout::isCommit)
                            .toList();
            return commits.size() == 1 ? Optional.of(commits.getFirst()) : Optional.empty();
        }
    }

    private static Reading read(
            ModelId id, Path folder, Path realRoot, Origin origin, String revision)
            throws IOException {
        FolderScan scan = FolderScan.of(folder, realRoot);
        FrontMatter head = head(folder, scan);
        RepositoryContents contents =
                new RepositoryContents(
                        id,
                        List.copyOf(scan.files().keySet()),
                        tags(head),
                        configKeys(folder, scan));
        Optional<ModelFamily> family = ModelFamily.of(contents);
        List<InstalledModel> models = new ArrayList<>();
        if (family.isPresent()) {
            for (ModelId each : ids(contents, family.get())) {
                models.add(
                        model(each, family.get(), contents, folder, origin, revision, scan, head));
            }
        }
        return new Reading(models, family.isPresent(), scan.folders());
    }

    /** One id, or one per checkpoint where a repository holds several. */
    private static List<ModelId> ids(RepositoryContents contents, ModelFamily family) {
        List<String> checkpoints =
                family == ModelFamily.WHISPER_GGML ? ModelFamily.checkpoints(contents) : List.of();
        if (checkpoints.size() <= 1) {
            return List.of(contents.id());
        }
        return checkpoints.stream()
                .map(ModelFamily::variantOf)
                .flatMap(variant -> ModelId.tryParse(contents.id() + ":" + variant).stream())
                .toList();
    }

    private static InstalledModel model(
            ModelId id,
            ModelFamily family,
            RepositoryContents contents,
            Path folder,
            Origin origin,
            String revision,
            FolderScan scan,
            FrontMatter head) {
        RepositoryContents named =
                new RepositoryContents(
                        id, contents.files(), contents.tags(), contents.configKeys());
        SortedMap<String, Long> files = new TreeMap<>();
        for (String file : family.filesToDownload(named)) {
            Long size = scan.files().get(file);
            if (size != null) {
                files.put(file, size);
            }
        }
        List<String> languages = head.list("language");
        ModelCard card =
                new ModelCard(
                        id,
                        family,
                        ModelCard.languagesFor(family.task(), languages),
                        scan.newest().toInstant(),
                        head.list("tags"),
                        0,
                        0,
                        false,
                        VoiceCatalog.local(id, family, folder, List.copyOf(files.keySet())));
        return new InstalledModel(id, family, folder, origin, revision, card, files);
    }

    private static Set<String> tags(FrontMatter head) {
        Set<String> tags = new TreeSet<>();
        for (String key : List.of("tags", "library_name", "library", "pipeline_tag")) {
            head.list(key).forEach(tag -> tags.add(tag.toLowerCase(Locale.ROOT)));
        }
        return tags;
    }

    /** The head of the shallowest README.md. */
    private static FrontMatter head(Path folder, FolderScan scan) throws IOException {
        Optional<String> readme =
                scan.files().keySet().stream()
                        .filter(file -> file.equals("README.md") || file.endsWith("/README.md"))
                        .min(
                                Comparator.comparing(
                                        file -> file.chars().filter(c -> c == '/').count()));
        if (readme.isEmpty()) {
            return FrontMatter.EMPTY;
        }
        @Nullable String text = text(folder, scan, readme.get());
        return text == null ? FrontMatter.EMPTY : FrontMatter.of(text);
    }

    private static Set<String> configKeys(Path folder, FolderScan scan) throws IOException {
        @Nullable String text = text(folder, scan, "config.json");
        if (text == null) {
            return Set.of();
        }
        try {
            JsonNode root = JSON.readTree(text);
            return root.isObject() ? Set.copyOf(root.propertyNames()) : Set.of();
        } catch (JacksonException notJson) {
            return Set.of();
        }
    }

    /** A small text file; malformed bytes become replacement characters. */
    private static @Nullable String text(Path folder, FolderScan scan, String file)
            throws IOException {
        Long size = scan.files().get(file);
        if (size == null || size > LONGEST_TEXT) {
            return null;
        }
        return new String(Files.readAllBytes(folder.resolve(file)), StandardCharsets.UTF_8);
    }
}
