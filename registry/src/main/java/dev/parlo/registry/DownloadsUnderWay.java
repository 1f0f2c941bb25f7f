package dev.parlo.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is being downloaded into a cache, and must not be deleted meanwhile, and what was downloaded
 * in vain. Thread-safe by its own lock, which a deletion holds from its questions here until its
 * files are gone.
 */
final class DownloadsUnderWay {
    private static final int MOST_REFUSED = 1_000;

    private final List<Entry> entries = new ArrayList<>();
    private final Map<ModelId, RegistryException> refused =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<ModelId, RegistryException> eldest) {
                    return size() > MOST_REFUSED;
                }
            };

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

    synchronized void refuse(ModelId id, RegistryException why) {
        refused.put(id.repository(), why);
    }

    /** Why a repository was downloaded in vain. */
    synchronized Optional<RegistryException> refusal(ModelId id) {
        return Optional.ofNullable(refused.get(id.repository()));
    }

    private Stream<Entry> entriesOf(ModelId id) {
        return entries.stream().filter(entry -> entry.id().repository().equals(id.repository()));
    }
}
