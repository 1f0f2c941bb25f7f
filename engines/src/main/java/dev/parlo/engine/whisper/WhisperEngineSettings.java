package dev.parlo.engine.whisper;

import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Placement;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cache.CacheFolder;
import java.nio.file.Path;

/**
 * How an engine uses the machine.
 *
 * @param computeType number format of the weights
 * @param placement where it computes; the threads are those of one request
 * @param admission the queue before the engine; it computes as many requests side by side as there
 *     are turns
 * @param cache where converted weights and unpacked native code are kept
 * @param temporaryDirectory for segments that wait for a slow reader
 */
public record WhisperEngineSettings(
        ComputeType computeType,
        Placement placement,
        Admission admission,
        CacheFolder cache,
        Path temporaryDirectory) {

    /**
     * One request at a time on the given threads, 64 more waiting; temporary files in the cache.
     */
    public static WhisperEngineSettings of(
            ComputeType computeType, int threads, Path cacheDirectory) {
        return new WhisperEngineSettings(
                computeType,
                Placement.Cpu.threads(threads),
                new Admission(1, 65),
                CacheFolder.at(cacheDirectory),
                cacheDirectory);
    }
}
