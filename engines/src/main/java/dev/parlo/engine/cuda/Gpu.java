package dev.parlo.engine.cuda;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.Placement;
import dev.parlo.engine.onnx.CudaProvider;
import dev.parlo.engine.onnx.OnnxFailure;
import dev.parlo.engine.onnx.capi.CudaOptions;
import dev.parlo.engine.onnx.capi.MemoryInfo;
import dev.parlo.engine.onnx.capi.OrtApi;
import dev.parlo.engine.onnx.capi.RunOptions;
import dev.parlo.engine.onnx.capi.SessionOptions;
import dev.parlo.engine.onnx.capi.SessionOptions.Optimization;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * One GPU, with the ONNX Runtime that computes on it. Thread-safe. Close it after all that was made
 * with it.
 */
public final class Gpu implements AutoCloseable {
    private static final int EAGER = -1;
    private static final long MEGABYTE = 1 << 20;

    private final OrtApi api;
    private final CudaDriver driver;
    private final int index;
    private final boolean host;
    private final boolean records;
    private final long context;
    private final MemoryInfo memory;
    private final MemoryInfo processMemory;
    private final ReadWriteLock recording = new ReentrantReadWriteLock();
    private boolean closed;

    private Gpu(OrtApi api, CudaDriver driver, int index, boolean host, boolean records) {
        this.api = api;
        this.driver = driver;
        this.index = index;
        this.host = host;
        this.records = records;
        this.context = driver.retain(index);
        this.memory = host ? MemoryInfo.cpu(api) : MemoryInfo.cuda(api, index);
        this.processMemory = MemoryInfo.cpu(api);
    }

    /**
     * A GPU of this machine.
     *
     * @param index as the driver counts them
     * @param recording whether steps are recorded and then played again
     * @throws CudaException where the driver refuses
     */
    public static Gpu open(OrtApi api, CudaDriver driver, int index, boolean recording) {
        return new Gpu(api, driver, index, false, recording);
    }

    /** What a GPU does, done by the processor on its own memory. */
    public static Gpu onHost(OrtApi api, CudaDriver driver) {
        return new Gpu(api, driver, 0, true, false);
    }

    public OrtApi api() {
        return api;
    }

    public int index() {
        return index;
    }

    /** Of what lies on the device. */
    public MemoryInfo memory() {
        return memory;
    }

    /** Of what a graph reads on the processor, such as shapes. */
    public MemoryInfo processMemory() {
        return processMemory;
    }

    /** Makes the GPU the calling thread's. */
    public void enter() {
        driver.use(context);
    }

    /** Bytes that nobody has taken. */
    public long freeBytes() {
        enter();
        return driver.freeBytes();
    }

    /**
     * Zeroed memory of the device.
     *
     * @param purpose for the message where there is too little
     * @throws EngineException of category NO_SPACE
     */
    public DeviceMemory allocate(long bytes, String purpose) {
        enter();
        DeviceMemory allocated;
        try {
            allocated = new DeviceMemory(this, driver.allocate(bytes), bytes);
        } catch (CudaException e) {
            throw failure(e, bytes, purpose);
        }
        try (GpuStream stream = openStream()) {
            stream.clear(allocated);
            stream.synchronize();
            return allocated;
        } catch (CudaException e) {
            allocated.close();
            throw failure(e, bytes, purpose);
        }
    }

    private EngineException failure(CudaException cause, long bytes, String purpose) {
        if (cause.code() != CudaException.OUT_OF_MEMORY) {
            return CudaProvider.lost(placement(), cause);
        }
        return new EngineException(
                EngineException.Category.NO_SPACE,
                String.format(
                        Locale.ROOT,
                        "GPU %d has %d MB free; %d MB are needed for %s. Unload another model or use"
                                + " a smaller one.",
                        index,
                        driver.freeBytes() / MEGABYTE,
                        (bytes + MEGABYTE - 1) / MEGABYTE,
                        purpose),
                cause);
    }

    /**
     * What a failure of the driver or of ONNX Runtime means.
     *
     * @param what was done, for the message
     * @return of category NO_SPACE, DEVICE_LOST or INTERNAL
     */
    public EngineException failure(String what, RuntimeException cause) {
        boolean memory =
                cause instanceof CudaException call
                        ? call.code() == CudaException.OUT_OF_MEMORY
                        : OnnxFailure.outOfMemory(cause);
        if (memory) {
            return new EngineException(
                    EngineException.Category.NO_SPACE,
                    what + " found too little memory on GPU " + index + ". Try again later.",
                    cause);
        }
        // After any other failure of the driver its context answers every call with the same.
        if (cause instanceof CudaException || CudaProvider.isLost(cause)) {
            return CudaProvider.lost(placement(), cause);
        }
        return new EngineException(
                EngineException.Category.INTERNAL,
                what + " failed: " + OnnxFailure.words(cause),
                cause);
    }

    private Placement placement() {
        return new Placement.Cuda(index);
    }

    /** Memory of the process that the device copies from and to. */
    public PinnedMemory allocateHost(long bytes) {
        enter();
        try {
            return new PinnedMemory(this, driver.allocateHost(bytes));
        } catch (CudaException e) {
            throw failure(e, bytes, "copies from and to the GPU");
        }
    }

    public GpuStream openStream() {
        return openStream(false);
    }

    /** A stream whose kernels go before those of others that have not begun. */
    public GpuStream openUrgentStream() {
        return openStream(true);
    }

    private GpuStream openStream(boolean urgent) {
        enter();
        return new GpuStream(this, driver, driver.createStream(urgent));
    }

    void free(long address) {
        enter();
        driver.free(address);
    }

    void freeHost(MemorySegment segment) {
        enter();
        driver.freeHost(segment);
    }

    SessionOptions sessionOptions(long stream, boolean graphs) {
        // Nothing is computed on the processor but shapes: one thread, which never spins.
        SessionOptions options = new SessionOptions(api, 1, Optimization.ALL);
        try {
            options.with("session.intra_op.allow_spinning", "0").countingNodes();
            if (!host) {
                Map<String, String> settings = new LinkedHashMap<>();
                settings.put("device_id", Integer.toString(index));
                settings.put("arena_extend_strategy", "kSameAsRequested");
                settings.put("cudnn_conv_algo_search", "HEURISTIC");
                settings.put("enable_cuda_graph", graphs && records ? "1" : "0");
                settings.put("use_tf32", "0");
                // Without it the norms of half floats sum in half floats.
                settings.put("enable_skip_layer_norm_strict_mode", "1");
                try (CudaOptions cuda = CudaOptions.of(api, settings)) {
                    cuda.stream(stream);
                    options.with(cuda);
                }
                // A kernel that is missing on the GPU must not go unnoticed.
                options.with("session.disable_cpu_ep_fallback", "1");
            }
            return options;
        } catch (RuntimeException | Error e) {
            options.close();
            throw e;
        }
    }

    /** Of runs that are never recorded. */
    public RunOptions eager() {
        return runOptions(EAGER);
    }

    /**
     * Of runs that are recorded when they are first made and then played again.
     *
     * @param graph number of the recording, from 0
     */
    public RunOptions recorded(int graph) {
        return runOptions(records ? graph : EAGER);
    }

    private RunOptions runOptions(int graph) {
        RunOptions options = new RunOptions(api);
        if (!host) {
            options.with("gpu_graph_id", Integer.toString(graph));
            // Who reads the results waits for the stream once, behind its own copies.
            options.with("disable_synchronize_execution_providers", "1");
        }
        return options;
    }

    /**
     * Work on the GPU holds the lock for reading; recording, which any allocation or wait of
     * another thread would break, for writing.
     */
    public ReadWriteLock recording() {
        return recording;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            memory.close();
            processMemory.close();
            driver.release(index);
        }
    }
}
