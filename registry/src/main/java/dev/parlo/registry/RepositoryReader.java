package dev.parlo.registry;

import dev.parlo.registry.InstalledModel.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds one model's folder, plain or in a Hugging Face cache, and reads what lies there. */
final class RepositoryReader {
    private static final int DEEPEST_PARTIAL = 7;

    /**
     * What a folder held when it was read.
     *
     * @param models those that can be used
     * @param perhapsIncomplete the models of which the repository may hold files that are not here,
     *     without that showing: a download of another program may have been broken off
     * @param otherNames ids by names that their models had before
     * @param unusable why a model cannot be used, by its id
     * @param folders modification times by which a change shows
     */
    record Reading(
            List<InstalledModel> models,
            Set<ModelId> perhapsIncomplete,
            Map<ModelId, ModelId> otherNames,
            Map<ModelId, Unusable> unusable,
            Map<Path, FileTime> folders) {
        Reading {
            models = List.copyOf(models);
            perhapsIncomplete = Set.copyOf(perhapsIncomplete);
            otherNames = Map.copyOf(otherNames);
            unusable = Map.copyOf(unusable);
            folders = Map.copyOf(folders);
        }

        static Reading of(List<InstalledModel> models) {
            return new Reading(models, Set.of(), Map.of(), Map.of(), Map.of());
        }

        static Reading of(ModelId id, Unusable why, Map<Path, FileTime> folders) {
            return new Reading(List.of(), Set.of(), Map.of(), Map.of(id, why), folders);
        }

        /**
         * The model that an id means: the one that has it, or had it before, or the only one for a
         * plain id.
         */
        Optional<InstalledModel> model(ModelId id) {
            ModelId wanted = otherNames.getOrDefault(id, id);
            // one that is there does not stand for one that is known not to be whole
            boolean only =
                    id.variant().isEmpty() && models.size() == 1 && !unusable.containsKey(id);
            return models.stream()
                    .filter(model ->
                            model.id().equals(wanted)
                                    || (only && model.id().repository().equals(id)))
                    .findFirst();
        }

        private Reading alsoWatching(Map<Path, FileTime> more) {
            Map<Path, FileTime> all = new HashMap<>(more);
            all.putAll(folders);
            return new Reading(models, perhapsIncomplete, otherNames, unusable, all);
        }
    }

    /** Reads {@code root/models--owner--name}; empty when there is none. */
    Optional<Reading> readCached(CacheLayout layout, ModelId id) throws IOException {
        Path repository = layout.repository(id);
        if (!Files.isDirectory(repository)) {
            return Optional.empty();
        }
        Map<Path, FileTime> folders = new HashMap<>();
        for (Path folder :
                List.of(
                        repository,
                        layout.snapshots(id),
                        layout.blobs(id),
                        layout.references(id),
                        layout.trees(id),
                        layout.fetchedLists(id))) {
            if (Files.isDirectory(folder)) {
                folders.put(folder, Files.getLastModifiedTime(folder));
            }
        }
        Optional<String> commit = commit(layout, id);
        if (commit.isEmpty()
                || !Files.isDirectory(
                        layout.snapshot(id, commit.get()), LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(Reading.of(id, new Unusable.Unfinished(List.of()), folders));
        }
        Path snapshot = layout.snapshot(id, commit.get());
        ModelFolder folder =
                new ModelFolder(
                        id,
                        snapshot,
                        Origin.CACHE,
                        commit.get(),
                        listing(layout, id, commit.get()),
                        FolderScan.of(snapshot, bounds(layout, id)));
        Reading reading = folder.read().alsoWatching(folders);
        boolean nothingFits =
                reading.unusable().get(id) instanceof Unusable.Unsupported && isPartial(layout, id);
        return Optional.of(
                nothingFits
                        ? Reading.of(id, new Unusable.Unfinished(List.of()), reading.folders())
                        : reading);
    }

    private static Optional<TreeListing> listing(CacheLayout layout, ModelId id, String commit)
            throws IOException {
        Optional<TreeListing> whole = TreeListing.read(layout.tree(id, commit));
        return whole.isPresent() ? whole : TreeListing.read(layout.fetchedList(id, commit));
    }

    /**
     * Where a snapshot's links may lead: anywhere in the cache, and where the operator moved the
     * repository or a part of it to, leaving a link, as huggingface_hub reads them too.
     */
    private static FolderScan.Bounds bounds(CacheLayout layout, ModelId id) throws IOException {
        Set<Path> roots = new HashSet<>();
        Set<Path> blobs = new HashSet<>();
        roots.add(layout.root().toRealPath());
        for (Path folder : List.of(layout.repository(id), layout.snapshots(id))) {
            roots.add(folder.toRealPath());
        }
        if (Files.isDirectory(layout.blobs(id))) {
            roots.add(layout.blobs(id).toRealPath());
            blobs.add(layout.blobs(id).toRealPath());
        }
        return new FolderScan.Bounds(roots, blobs);
    }

    /** Reads a plain folder; empty when there is none. */
    Optional<Reading> readPlain(Path root, ModelId id, Origin origin) throws IOException {
        ModelId repository = id.repository();
        Path folder = root.resolve(repository.toString());
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        Path real = root.toRealPath();
        if (!folder.toRealPath().startsWith(real)) {
            return Optional.of(
                    Reading.of(
                            repository,
                            new Unusable.Broken(
                                    "its folder is a link that leads out of the model folder"),
                            Map.of()));
        }
        return Optional.of(
                new ModelFolder(
                                repository,
                                folder,
                                origin,
                                "",
                                unfinishedListing(folder),
                                FolderScan.of(
                                        folder, new FolderScan.Bounds(Set.of(real), Set.of())))
                        .read());
    }

    /**
     * The files that {@code hf download --local-dir} wanted to put into a folder, where it was
     * broken off; empty for a folder whose download ended, from which the operator may have removed
     * files that are not needed.
     */
    private static Optional<TreeListing> unfinishedListing(Path folder) throws IOException {
        Path notes = folder.resolve(".cache").resolve("huggingface");
        if (!Files.isDirectory(notes.resolve("download"))
                || !Files.isDirectory(notes.resolve("trees"))) {
            return Optional.empty();
        }
        try (Stream<Path> partial = Files.walk(notes.resolve("download"), DEEPEST_PARTIAL);
                Stream<Path> lists = Files.list(notes.resolve("trees"))) {
            if (partial.noneMatch(file -> file.toString().endsWith(".incomplete"))) {
                return Optional.empty();
            }
            Optional<Path> newest =
                    lists.filter(file -> file.toString().endsWith(".json"))
                            .max(Comparator.comparingLong(file -> file.toFile().lastModified()));
            return newest.isPresent() ? TreeListing.read(newest.get()) : Optional.empty();
        }
    }

    /** The commit that counts: what refs/main says, else the only snapshot there is. */
    private static Optional<String> commit(CacheLayout layout, ModelId id) throws IOException {
        Path main = layout.mainReference(id);
        if (Files.isRegularFile(main, LinkOption.NOFOLLOW_LINKS) && Files.size(main) <= 128) {
            return Optional.of(Files.readString(main, StandardCharsets.ISO_8859_1).strip())
                    .filter(CacheLayout::isCommit);
        }
        if (!Files.isDirectory(layout.snapshots(id))) {
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

    /** Whether bytes of an unfinished download lie there, of this program or another. */
    private static boolean isPartial(CacheLayout layout, ModelId id) {
        try (Stream<Path> blobs = Files.list(layout.blobs(id))) {
            return blobs.map(blob -> blob.getFileName().toString())
                    .anyMatch(name -> name.endsWith(".incomplete") || name.contains(".parlo-"));
        } catch (IOException none) {
            return true; // no blobs at all: a download that never began
        }
    }

    /** The beginning of a file; none where it cannot be read. */
    static byte[] start(Path file, int most) {
        try (InputStream bytes = Files.newInputStream(file)) {
            return bytes.readNBytes(most);
        } catch (IOException unreadable) {
            return new byte[0];
        }
    }
}
