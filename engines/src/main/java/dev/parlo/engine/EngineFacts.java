package dev.parlo.engine;

import java.util.Objects;

/**
 * What a loaded engine says about itself, at the moment it is asked.
 *
 * @param placement where it computes
 * @param computeType number format of its weights
 * @param runtime the software that computes, with its version where that is known, such as {@code
 *     ONNX Runtime 1.29.0}
 * @param nativeBytes memory outside the Java heap and mapped files, caches included; at least 0
 */
public record EngineFacts(
        Placement placement, ComputeType computeType, String runtime, long nativeBytes) {
    public EngineFacts {
        Objects.requireNonNull(placement, "placement is null");
        Objects.requireNonNull(computeType, "computeType is null");
        Objects.requireNonNull(runtime, "runtime is null");
        if (nativeBytes < 0) {
            throw new IllegalArgumentException("nativeBytes is negative: " + nativeBytes);
        }
    }
}
