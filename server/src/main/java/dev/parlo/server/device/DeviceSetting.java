package dev.parlo.server.device;

import java.util.List;

/**
 * Where the models of a family shall be computed.
 *
 * @param choice what is asked for
 * @param indices the GPUs that may be used, a model on each; at least one
 */
public record DeviceSetting(Choice choice, List<Integer> indices) {
    /** The words of a setting. */
    public enum Choice {
        /** On a GPU where one can be used, else on the processor. */
        AUTO,
        CPU,
        /** On a GPU; without one the start is refused. */
        CUDA
    }

    public DeviceSetting {
        indices = List.copyOf(indices);
    }
}
