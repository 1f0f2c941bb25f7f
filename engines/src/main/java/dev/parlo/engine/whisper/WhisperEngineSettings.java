package dev.parlo.engine.whisper;

import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Placement;
import dev.parlo.engine.cache.CacheFolder;
import java.nio.file.Path;
import java.util.Locale;

/**
 * How an engine uses the machine.
 *
 * @param computeType number format of the weights
 * @param placement where it computes; the threads are those of one request
 * @param workers requests computed side by side, at least 1
 * @param queue requests that may wait beyond those; further ones are refused as OVERLOADED
 * @param cache where converted weights and unpacked native code are kept
 */
public record WhisperEngineSettings(
        ComputeType computeType, Placement placement, int workers, int queue, CacheFolder cache) {
    public WhisperEngineSettings {
        if (workers < 1 || queue < 0) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "%d workers, a queue of %d: at least 1 and 0 are needed",
                            workers,
                            queue));
        }
    }

    /** One request at a time on the given threads, and a queue of 64. */
    public static WhisperEngineSettings of(
            ComputeType computeType, int threads, Path cacheDirectory) {
        return new WhisperEngineSettings(
                computeType, Placement.Cpu.threads(threads), 1, 64, CacheFolder.at(cacheDirectory));
    }
}
