package dev.parlo.engine.onnx.capi;

/** How one run is done; may serve many. */
public final class RunOptions extends OrtHandle {
    public RunOptions(OrtApi api) {
        super(api, OrtFunction.RELEASE_RUN_OPTIONS, api.create(OrtFunction.CREATE_RUN_OPTIONS));
    }

    /** An entry by the library's key. */
    public RunOptions with(String key, String value) {
        api().call(OrtFunction.ADD_RUN_CONFIG_ENTRY, address(), key, value);
        return this;
    }
}
