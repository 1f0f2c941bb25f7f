package dev.parlo.engine.onnx.capi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
     * How many of the graph's nodes each provider computes, such as {@code CUDAExecutionProvider},
     * by name. Nodes are counted when they are assigned, before providers fuse them.
     *
     * @throws OrtStatusException where the options had no {@link SessionOptions#countingNodes}
     */
    public Map<String, Integer> nodes() {
        Map<String, Integer> nodes = new TreeMap<>();
        // What is read belongs to the session.
        for (MemorySegment part :
                list(OrtFunction.SESSION_GET_EP_GRAPH_ASSIGNMENT_INFO, address())) {
            MemorySegment name = api().create(OrtFunction.EP_ASSIGNED_SUBGRAPH_GET_EP_NAME, part);
            int count = list(OrtFunction.EP_ASSIGNED_SUBGRAPH_GET_NODES, part).size();
            nodes.merge(api().text(name), count, Integer::sum);
        }
        return nodes;
    }

    private List<MemorySegment> list(OrtFunction function, MemorySegment of) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entries = arena.allocate(ValueLayout.ADDRESS);
            MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
            api().call(function, of, entries, count);
            return OrtApi.pointers(
                    entries.get(ValueLayout.ADDRESS, 0),
                    Math.toIntExact(count.get(ValueLayout.JAVA_LONG, 0)));
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
