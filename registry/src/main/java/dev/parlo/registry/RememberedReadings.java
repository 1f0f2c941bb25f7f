package dev.parlo.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What model folders held when they were read last, for as long as none of their folders changes.
 * Safe for use by many threads.
 */
final class RememberedReadings {
    private static final Logger LOG = LoggerFactory.getLogger(RememberedReadings.class);

    /** A change within this time of a reading may carry the same file time: it is read again. */
    private static final long UNCERTAIN_MILLIS = 2_000;

    private record Remembered(RepositoryReader.Reading reading, long readAtMillis) {
        boolean stillHolds() {
            for (Map.Entry<Path, FileTime> folder : reading.folders().entrySet()) {
                if (folder.getValue().toMillis() > readAtMillis - UNCERTAIN_MILLIS) {
                    return false;
                }
                try {
                    if (!Files.getLastModifiedTime(folder.getKey()).equals(folder.getValue())) {
                        return false;
                    }
                } catch (IOException gone) {
                    return false;
                }
            }
            return true;
        }
    }

    private final Map<Path, Remembered> remembered = new ConcurrentHashMap<>();

    /** Reads a folder again at its next use. */
    void forget(Path folder) {
        remembered.remove(folder);
    }

    /** Reads a folder anew; empty when it is not a folder of a model. */
    interface Reader {
        Optional<RepositoryReader.Reading> read() throws IOException;
    }

    /** What a folder holds, read only if it changed; empty when there is none. */
    Optional<RepositoryReader.Reading> reading(Path folder, ModelId id, Reader read) {
        Remembered last = remembered.get(folder);
        if (last != null && last.stillHolds()) {
            return Optional.of(last.reading());
        }
        try {
            long now = System.currentTimeMillis();
            Optional<RepositoryReader.Reading> reading = read.read();
            if (reading.isPresent()) {
                remembered.put(folder, new Remembered(reading.get(), now));
            } else {
                remembered.remove(folder);
            }
            return reading;
        } catch (IOException | UncheckedIOException | RegistryException unreadable) {
            remembered.remove(folder);
            LOG.warn("passing over {}: {}", folder, unreadable.toString());
            return Optional.of(
                    RepositoryReader.Reading.of(
                            id.repository(),
                            new Unusable.Broken("its folder cannot be read"),
                            Map.of()));
        }
    }
}
