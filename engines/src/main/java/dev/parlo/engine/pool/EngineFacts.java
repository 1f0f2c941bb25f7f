package dev.parlo.engine.pool;

import java.util.Objects;

/**
 * What a loaded engine says about itself.
 *
 * @param nativeBytes memory outside the Java heap and mapped files, caches included; at least 0
 * @param device such as {@code cpu} or {@code cuda:0}
 * @param computeType such as {@code int8} or {@code float32}
 */
public record EngineFacts(long nativeBytes, String device, String computeType) {
    public EngineFacts {
        if (nativeBytes < 0) {
            throw new IllegalArgumentException("nativeBytes is negative: " + nativeBytes);
        }
        Objects.requireNonNull(device, "device is null");
        Objects.requireNonNull(computeType, "computeType is null");
    }
}
