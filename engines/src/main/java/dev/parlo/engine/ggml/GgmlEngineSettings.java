package dev.parlo.engine.ggml;

import dev.parlo.engine.admission.Admission;
import java.nio.file.Path;

/**
 * How an engine uses the machine.
 *
 * @param threads that one window is computed with, at least 1
 * @param admission the queue before the engine; it computes as many windows side by side as there
 *     are turns, or as many as there is memory for
 * @param memoryBytes that weights and windows may take together; one window is computed in any case
 * @param temporaryDirectory for segments that wait for a slow reader
 * @param audioContext of requests that ask for none, see {@link dev.parlo.engine.TranscribeOptions}
 */
public record GgmlEngineSettings(
        int threads,
        Admission admission,
        long memoryBytes,
        Path temporaryDirectory,
        int audioContext) {

    /**
     * Checks the number of threads.
     *
     * @throws IllegalArgumentException where there are none
     */
    public GgmlEngineSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + "; at least 1 is needed");
        }
    }

    /** Of an engine that encodes whole windows and takes what memory it needs. */
    public GgmlEngineSettings(int threads, Admission admission, Path temporaryDirectory) {
        this(threads, admission, Long.MAX_VALUE, temporaryDirectory, 0);
    }
}
