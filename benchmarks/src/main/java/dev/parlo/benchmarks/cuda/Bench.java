package dev.parlo.benchmarks.cuda;

import dev.parlo.benchmarks.Models;
import dev.parlo.benchmarks.Shape;
import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Placement;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.cuda.Gpus;
import dev.parlo.engine.whisper.WhisperEngine;
import dev.parlo.engine.whisper.WhisperEngineSettings;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where a check runs.
 *
 * @param rehearsal on the processor, which plays the GPU on its own memory
 * @param home the folder with the built-in model, recordings and shapes
 * @param data where generated models are kept
 */
record Bench(boolean rehearsal, Path home, Path data) {
    private static final long HOST_MEMORY = 6L << 30;

    /** The only one that is used. */
    static final Placement.Cuda GPU = new Placement.Cuda(0);

    Gpus gpus() {
        return rehearsal ? Gpus.onHost(HOST_MEMORY) : Gpus.ofMachine();
    }

    /** The one that is measured: a processor has no kernels for halves, and takes floats. */
    ComputeType type() {
        return rehearsal ? ComputeType.FLOAT32 : ComputeType.FLOAT16;
    }

    Path builtIn() {
        return home.resolve("models/parlo/whisper-nano.en");
    }

    Path checkpoint(Shape shape) throws IOException {
        return new Models(data, shape).checkpoint();
    }

    CacheFolder cache() {
        return CacheFolder.at(data.resolve("converted"));
    }

    /** An engine on the GPU. */
    WhisperEngine open(Path checkpoint, ComputeType type, int requests, Gpus gpus) {
        return open(checkpoint, type, GPU, requests, gpus);
    }

    WhisperEngine open(
            Path checkpoint, ComputeType type, Placement placement, int requests, Gpus gpus) {
        return WhisperEngine.open(
                checkpoint,
                new WhisperEngineSettings(
                        type,
                        placement,
                        new Admission(requests, requests + 64),
                        Long.MAX_VALUE,
                        cache(),
                        data,
                        gpus,
                        0),
                new Cancellation());
    }
}
