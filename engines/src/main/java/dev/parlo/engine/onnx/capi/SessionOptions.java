package dev.parlo.engine.onnx.capi;

/** How a session computes. May be closed once the session is there. */
public final class SessionOptions extends OrtHandle {
    private static final int SEQUENTIAL = 0;

    /** How much a graph is rewritten while it is loaded, by the library's numbers. */
    public enum Optimization {
        BASIC(1),
        ALL(99);

        private final int level;

        Optimization(int level) {
            this.level = level;
        }
    }

    /**
     * Operators one after another.
     *
     * @param threads of one operator, at least 1
     */
    public SessionOptions(OrtApi api, int threads, Optimization optimization) {
        super(
                api,
                OrtFunction.RELEASE_SESSION_OPTIONS,
                api.create(OrtFunction.CREATE_SESSION_OPTIONS));
        try {
            api.call(OrtFunction.SET_SESSION_EXECUTION_MODE, address(), SEQUENTIAL);
            api.call(OrtFunction.SET_INTER_OP_NUM_THREADS, address(), 1);
            api.call(OrtFunction.SET_INTRA_OP_NUM_THREADS, address(), threads);
            api.call(
                    OrtFunction.SET_SESSION_GRAPH_OPTIMIZATION_LEVEL,
                    address(),
                    optimization.level);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** An entry by the library's key. */
    public SessionOptions with(String key, String value) {
        api().call(OrtFunction.ADD_SESSION_CONFIG_ENTRY, address(), key, value);
        return this;
    }

    /** Has the session note which provider computes which node, for {@link Session#nodes}. */
    public SessionOptions countingNodes() {
        return with("session.record_ep_graph_assignment_info", "1");
    }

    /** Has operators run on a GPU. */
    public SessionOptions with(CudaOptions cuda) {
        api().call(
                        OrtFunction.SESSION_OPTIONS_APPEND_EXECUTION_PROVIDER_CUDA_V2,
                        address(),
                        cuda.address());
        return this;
    }
}
