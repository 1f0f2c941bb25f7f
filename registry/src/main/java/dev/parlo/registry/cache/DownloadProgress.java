package dev.parlo.registry.cache;

import dev.parlo.registry.ModelId;
import java.time.Duration;
import java.util.Optional;

/**
 * How far a download is. Bytes count what lies on disk, also from earlier attempts; they fall back
 * only when a file must be fetched anew.
 *
 * @param file the file last written to, "" before the first
 * @param fileBytes of that file
 * @param fileTotal of that file
 * @param bytes of all files
 * @param totalBytes of all files, 0 until they are known
 * @param bytesPerSecond received over the last seconds, 0 before any
 * @param eta until all bytes are there at that rate; empty while unknown
 */
public record DownloadProgress(
        ModelId id,
        State state,
        String file,
        long fileBytes,
        long fileTotal,
        long bytes,
        long totalBytes,
        double bytesPerSecond,
        Optional<Duration> eta) {
    /** What a download is doing. */
    public enum State {
        /** Asking the Hub what there is to fetch. */
        QUEUED,
        DOWNLOADING,
        /** The model is installed. */
        DONE,
        FAILED,
        CANCELLED
    }
}
