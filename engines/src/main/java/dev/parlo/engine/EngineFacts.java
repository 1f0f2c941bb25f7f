package dev.parlo.engine;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a loaded engine says about itself, at the moment it is asked.
 *
 * @param placements where it computes, at least one; the same model is on each
 * @param computeType number format of its weights
 * @param runtime the software that computes, with its version where that is known, such as {@code
 *     ONNX Runtime 1.29.0}
 * @param nativeBytes memory outside the Java heap and mapped files, caches included; at least 0
 * @param deviceBytes memory of GPUs; at least 0
 * @param nodes of its graphs by the provider of ONNX Runtime that computes them, in one place;
 *     empty where that is not known
 */
public record EngineFacts(
        List<Placement> placements,
        ComputeType computeType,
        String runtime,
        long nativeBytes,
        long deviceBytes,
        Map<String, Integer> nodes) {
    /**
     * Copies the collections and checks the ranges.
     *
     * @throws IllegalArgumentException when there is no place, or bytes are negative
     */
    public EngineFacts {
        placements = List.copyOf(placements);
        nodes = Map.copyOf(nodes);
        if (placements.isEmpty()) {
            throw new IllegalArgumentException("an engine computes somewhere");
        }
        Objects.requireNonNull(computeType, "computeType is null");
        Objects.requireNonNull(runtime, "runtime is null");
        if (nativeBytes < 0 || deviceBytes < 0) {
            throw new IllegalArgumentException(
                    "bytes are negative: " + nativeBytes + ", " + deviceBytes);
        }
    }

    /**
     * Of an engine that computes in one place.
     *
     * @param placement where
     * @param computeType number format of its weights
     * @param runtime the software that computes
     * @param bytes of weights and caches, which lie where it computes
     */
    public EngineFacts(Placement placement, ComputeType computeType, String runtime, long bytes) {
        this(
                List.of(placement),
                computeType,
                runtime,
                placement.device() == Device.CPU ? bytes : 0,
                placement.device() == Device.CPU ? 0 : bytes,
                Map.of());
    }

    /**
     * {@return the same with the nodes of its graphs}
     *
     * @param counted how many each provider of ONNX Runtime computes
     */
    public EngineFacts withNodes(Map<String, Integer> counted) {
        return new EngineFacts(placements, computeType, runtime, nativeBytes, deviceBytes, counted);
    }

    /** {@return where it computes, first of all} */
    public Placement placement() {
        return placements.getFirst();
    }

    /**
     * {@return its places as {@code /api/ps} and logs write them, such as {@code cpu} or {@code
     * cuda:0,cuda:1}}
     */
    public String device() {
        return placements.stream().map(Placement::label).collect(Collectors.joining(","));
    }
}
