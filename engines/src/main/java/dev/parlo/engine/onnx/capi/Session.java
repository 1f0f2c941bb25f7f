package dev.parlo.engine.onnx.capi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A loaded graph. On a CPU several threads may run it; on a GPU all runs come from one platform
 * thread, because captured graphs and the handles of CUDA's libraries are kept by thread. Close it
 * after its bindings.
 */
public final class Session extends OrtHandle {
    /**
     * @throws OrtStatusException where the graph or its provider cannot be loaded
     */
    public Session(OrtApi api, Path graph, SessionOptions options) {
        super(
                api,
                OrtFunction.RELEASE_SESSION,
                api.create(
                        OrtFunction.CREATE_SESSION,
                        api.environment(),
                        graph.toString(),
                        options.address()));
    }

    /** Names of the graph's inputs, in its order. */
    public List<String> inputs() {
        MemorySegment allocator = api().create(OrtFunction.GET_ALLOCATOR_WITH_DEFAULT_OPTIONS);
        List<String> names = new ArrayList<>();
        for (long i = 0; i < inputCount(); i++) {
            MemorySegment name =
                    api().create(OrtFunction.SESSION_GET_INPUT_NAME, address(), i, allocator);
            names.add(api().text(name));
            api().call(OrtFunction.ALLOCATOR_FREE, allocator, name);
        }
        return names;
    }

    private long inputCount() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
            api().call(OrtFunction.SESSION_GET_INPUT_COUNT, address(), count);
            return count.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /**
     * Runs the graph on what is bound.
     *
     * @throws OrtStatusException where it fails
     */
    public void run(IoBinding binding, RunOptions options) {
        api().call(OrtFunction.RUN_WITH_BINDING, address(), options.address(), binding.address());
    }
}
