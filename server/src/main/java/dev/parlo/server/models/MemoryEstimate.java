package dev.parlo.server.models;

import dev.parlo.engine.ComputeType;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelFiles;
import dev.parlo.server.device.Devices;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * What a model is expected to take in memory, by its files, before it is loaded: what the pool
 * makes room for, and what is told to whoever looks for a model. Thread-safe.
 *
 * @param devices where models are computed
 * @param checkpoints the number format that a Whisper checkpoint is converted to, by the bits of a
 *     weight in its files where they are known
 */
public record MemoryEstimate(Devices devices, Function<OptionalDouble, ComputeType> checkpoints) {
    /**
     * @param bytes of the weights; what the work takes comes on top
     * @param gpu whether it lies on a GPU, and not in the memory of the process
     * @param type the number format; empty where it is the file's own
     */
    public record Size(long bytes, boolean gpu, Optional<ComputeType> type) {}

    public Size of(ModelFiles files) {
        boolean gpu = onGpu(files.family());
        if (!files.family().isWhisperCheckpoint()) {
            return new Size(files.bytes(), gpu, Optional.empty());
        }
        ComputeType type = checkpoints.apply(files.bitsPerWeight());
        return new Size(converted(files, type), gpu, Optional.of(type));
    }

    /** Bytes of the process's memory; 0 for what lies on a GPU. */
    long processBytes(InstalledModel model) {
        return onGpu(model.family()) ? 0 : of(model.measured()).bytes();
    }

    public boolean onGpu(ModelFamily family) {
        return family.isWhisperCheckpoint()
                ? devices.whisper().onGpu()
                : family == ModelFamily.KOKORO && devices.kokoro().onGpu();
    }

    /** Of weights in another format than the files'; where that is not known, as in the files. */
    private static long converted(ModelFiles files, ComputeType type) {
        if (files.bitsPerWeight().isEmpty()) {
            return files.bytes();
        }
        double factor = bits(type) / files.bitsPerWeight().getAsDouble();
        return (long) Math.min(Long.MAX_VALUE, files.weightBytes() * factor);
    }

    private static int bits(ComputeType type) {
        return switch (type) {
            case FLOAT32 -> 32;
            case FLOAT16 -> 16;
            case INT8 -> 8;
            default -> throw new IllegalArgumentException(type + " is no format of checkpoints");
        };
    }
}
