package dev.parlo.engine.device;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.Placement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which GPUs have failed since the start. A failure of CUDA stays with a process, so that a GPU
 * that is lost is used again by the next start only. Thread-safe.
 */
public final class GpuHealth {
    private static final Logger LOG = LoggerFactory.getLogger(GpuHealth.class);

    private final Map<Integer, String> lost = new TreeMap<>();

    /** Notes that a GPU failed. */
    synchronized void lose(Placement.Cuda gpu, String why) {
        if (lost.putIfAbsent(gpu.index(), why) == null) {
            LOG.error(
                    "{} failed and is not used any more until the next start: {}",
                    gpu.label(),
                    why);
        }
    }

    public synchronized boolean isLost(Placement.Cuda gpu) {
        return lost.containsKey(gpu.index());
    }

    /** The GPUs that failed, by index, and why. */
    public synchronized Map<Integer, String> lost() {
        return Map.copyOf(lost);
    }

    /**
     * Those that can be used.
     *
     * @throws EngineException of category DEVICE_LOST when none can
     */
    List<Placement.Cuda> usable(List<Placement.Cuda> gpus) {
        List<Placement.Cuda> usable = gpus.stream().filter(gpu -> !isLost(gpu)).toList();
        if (usable.isEmpty()) {
            throw noneLeft();
        }
        return usable;
    }

    static EngineException noneLeft() {
        return new EngineException(
                Category.DEVICE_LOST,
                "Every GPU that this model may be computed on has failed since the server started;"
                        + " it has to be started again.");
    }
}
