package dev.parlo.engine.cuda;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.onnx.capi.OrtApi;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The GPUs of the process, each opened when it is first asked for: everything that computes on one
 * shares it, because recording a step stops all other work there. Thread-safe. Close it after all
 * engines.
 */
public final class Gpus implements AutoCloseable {
    private final IntFunction<Gpu> opener;
    private final Map<Integer, Gpu> open = new HashMap<>();

    private Gpus(IntFunction<Gpu> opener) {
        this.opener = opener;
    }

    /** Those that the driver has. Nothing of CUDA is loaded before one is asked for. */
    public static Gpus ofMachine() {
        return new Gpus(index -> opened(index, true));
    }

    /** The same without recorded steps. */
    public static Gpus eager() {
        return new Gpus(index -> opened(index, false));
    }

    /** For engines that compute on the processor. */
    public static Gpus none() {
        return new Gpus(index -> {
            throw new EngineException(
                    EngineException.Category.BAD_REQUEST,
                    "GPU "
                            + index
                            + " was asked for, and engines here compute on the"
                            + " processor only.");
        });
    }

    /**
     * One, which the processor plays on its own memory.
     *
     * @param capacity bytes that it has
     */
    public static Gpus onHost(long capacity) {
        return new Gpus(index -> Gpu.onHost(OrtApi.ofJava(), new HostMemoryDriver(capacity)));
    }

    private static Gpu opened(int index, boolean recording) {
        try {
            return Gpu.open(OrtApi.ofJava(), new LibCuda(), index, recording);
        } catch (IllegalArgumentException e) {
            throw new EngineException(
                    EngineException.Category.BAD_REQUEST,
                    "There is no NVIDIA driver: "
                            + e.getMessage()
                            + ". In a container, run it with"
                            + " --gpus all.",
                    e);
        } catch (CudaException e) {
            throw new EngineException(
                    EngineException.Category.BAD_REQUEST,
                    "GPU " + index + " cannot be used: " + e.getMessage(),
                    e);
        }
    }

    /**
     * @param index as the driver counts them
     * @throws EngineException of category BAD_REQUEST, saying why, where there is none
     */
    public synchronized Gpu get(int index) {
        Gpu known = open.get(index);
        if (known == null) {
            known = opener.apply(index);
            open.put(index, known);
        }
        return known;
    }

    @Override
    public synchronized void close() {
        open.values().forEach(Gpu::close);
        open.clear();
    }
}
