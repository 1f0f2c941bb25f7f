package dev.parlo.server.device;

import dev.parlo.engine.Placement;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where the models of a family are computed.
 *
 * @param gpus a model is loaded on each; empty: on the processor
 * @param reason why there, in words
 */
public record DeviceChoice(List<Placement.Cuda> gpus, String reason) {
    public DeviceChoice {
        gpus = List.copyOf(gpus);
    }

    static DeviceChoice cpu(String reason) {
        return new DeviceChoice(List.of(), reason);
    }

    public boolean onGpu() {
        return !gpus.isEmpty();
    }

    /** {@code cpu}, or {@code cuda:0,cuda:1}. */
    public String label() {
        return onGpu()
                ? gpus.stream().map(Placement.Cuda::label).collect(Collectors.joining(","))
                : "cpu";
    }
}
