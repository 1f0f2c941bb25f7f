package dev.parlo.engine.device;

import java.util.List;

/** A driver whose answers a test gives. */
record FakeDriver(int cudaVersion, List<Gpu> gpus) implements GpuDriver {
    static final Gpu H200 = new Gpu(0, "NVIDIA H200", 90, 132, 150_000_000_000L);

    static Gpu gpu(int index, String name, int capability) {
        return new Gpu(index, name, capability, 80, 16L << 30);
    }
}
