package dev.parlo.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is being downloaded into a cache, and must not be deleted meanwhile. Thread-safe by its own
 * lock, which a deletion holds from its questions here until its files are gone.
 */
final class DownloadsUnderWay {
    private final List<Entry> entries = new ArrayList<>();

    /** A download and the names of the blobs that it needs, as soon as it knows them. */
    private record Entry(ModelId id, Set<String> blobs) {}

    synchronized ModelStore.Use begin(ModelId id) {
        Entry entry = new Entry(id, new HashSet<>());
        entries.add(entry);
        return new ModelStore.Use() {
            @Override
            public void needs(Collection<String> blobs) {
                synchronized (DownloadsUnderWay.this) {
                    entry.blobs().addAll(blobs);
                }
            }

            @Override
            public void close() {
                synchronized (DownloadsUnderWay.this) {
                    entries.removeIf(each -> each == entry); // two downloads may need the same
                }
            }
        };
    }

    /** Any download of the repository. */
    synchronized Optional<ModelId> of(ModelId repository) {
        return entriesOf(repository).map(Entry::id).findFirst();
    }

    /** A download of this model, or of one of its repository that no variant tells from it. */
    synchronized Optional<ModelId> ofModel(ModelId model) {
        return entriesOf(model)
                .map(Entry::id)
                .filter(id -> id.variant().isEmpty() || id.equals(model))
                .findFirst();
    }

    /** The blobs that downloads of the repository need. */
    synchronized Set<String> blobs(ModelId repository) {
        Set<String> all = new HashSet<>();
        entriesOf(repository).forEach(entry -> all.addAll(entry.blobs()));
        return all;
    }

    private Stream<Entry> entriesOf(ModelId id) {
        return entries.stream().filter(entry -> entry.id().repository().equals(id.repository()));
    }
}
