package dev.parlo.engine.whisper;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Placement;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.cuda.Gpus;
import java.nio.file.Path;

/** Opens the built-in model on one thread of the CPU, in full precision. */
final class BuiltInEngine {
    private BuiltInEngine() {}

    static WhisperEngine open(Admission admission, Path cache) {
        return open(admission, 0, cache);
    }

    static WhisperEngine open(Admission admission, int audioContext, Path cache) {
        return WhisperEngine.open(
                SharedFiles.builtInModel(),
                new WhisperEngineSettings(
                        ComputeType.FLOAT32,
                        Placement.Cpu.threads(1),
                        admission,
                        Long.MAX_VALUE,
                        CacheFolder.at(cache),
                        cache,
                        Gpus.none(),
                        audioContext),
                new Cancellation());
    }
}
