package dev.parlo.engine.device;

import java.util.List;

/** What NVIDIA's driver says of itself and of its GPUs. Thread-safe. */
interface GpuDriver {
    /** The newest CUDA that it supports, as NVIDIA writes it: 12020 is 12.2. */
    int cudaVersion();

    /**
     * The GPUs, in the order of their indices.
     *
     * @throws GpuRefusal when one cannot be asked
     */
    List<Gpu> gpus();

    /**
     * A GPU.
     *
     * @param index by which everything else calls it
     * @param capability its compute capability, such as 90 for 9.0
     * @param memoryBytes all of its memory, whoever uses it
     */
    record Gpu(int index, String name, int capability, int multiprocessors, long memoryBytes) {}
}
