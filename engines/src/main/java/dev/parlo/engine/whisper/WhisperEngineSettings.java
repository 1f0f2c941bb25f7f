package dev.parlo.engine.whisper;

import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Placement;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.cuda.Gpus;
import java.nio.file.Path;

/**
 * How an engine uses the machine.
 *
 * @param computeType number format of the weights
 * @param placement where it computes; the threads are those of one request
 * @param admission the queue before the engine; it computes as many windows side by side as there
 *     are turns, or as many as there is memory for
 * @param memoryBytes that weights and windows may take together; one window is computed in any case
 * @param cache where converted weights and unpacked native code are kept
 * @param temporaryDirectory for segments that wait for a slow reader
 * @param gpus that a placement may name
 * @param audioContext of requests that ask for none, where short windows can be computed; see
 *     {@link dev.parlo.engine.TranscribeOptions}
 */
public record WhisperEngineSettings(
        ComputeType computeType,
        Placement placement,
        Admission admission,
        long memoryBytes,
        CacheFolder cache,
        Path temporaryDirectory,
        Gpus gpus,
        int audioContext) {

    /** Of an engine on the processor that encodes whole windows. */
    public WhisperEngineSettings(
            ComputeType computeType,
            Placement placement,
            Admission admission,
            long memoryBytes,
            CacheFolder cache,
            Path temporaryDirectory) {
        this(
                computeType,
                placement,
                admission,
                memoryBytes,
                cache,
                temporaryDirectory,
                Gpus.none(),
                0);
    }

    /**
     * One request at a time on the given threads, 64 more waiting; temporary files in the cache.
     */
    public static WhisperEngineSettings of(
            ComputeType computeType, int threads, Path cacheDirectory) {
        return new WhisperEngineSettings(
                computeType,
                Placement.Cpu.threads(threads),
                new Admission(1, 65),
                Long.MAX_VALUE,
                CacheFolder.at(cacheDirectory),
                cacheDirectory);
    }
}
