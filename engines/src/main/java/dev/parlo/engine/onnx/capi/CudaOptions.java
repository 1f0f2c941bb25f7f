package dev.parlo.engine.onnx.capi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/** Options of the CUDA provider. */
public final class CudaOptions extends OrtHandle {
    private CudaOptions(OrtApi api, MemorySegment address) {
        super(api, OrtFunction.RELEASE_CUDA_PROVIDER_OPTIONS, address);
    }

    /**
     * @param settings by the provider's keys, all of them: what is not named has its default
     * @throws OrtStatusException where the library has no CUDA provider or cannot load it, with the
     *     name of the file that is missing
     */
    public static CudaOptions of(OrtApi api, Map<String, String> settings) {
        CudaOptions options =
                new CudaOptions(api, api.create(OrtFunction.CREATE_CUDA_PROVIDER_OPTIONS));
        try {
            options.update(settings);
            return options;
        } catch (RuntimeException | Error e) {
            options.close();
            throw e;
        }
    }

    private void update(Map<String, String> settings) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment keys = arena.allocate(ValueLayout.ADDRESS, settings.size());
            MemorySegment values = arena.allocate(ValueLayout.ADDRESS, settings.size());
            int i = 0;
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                keys.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(setting.getKey()));
                values.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(setting.getValue()));
                i++;
            }
            // One call: each forgets what the ones before have set.
            api().call(
                            OrtFunction.UPDATE_CUDA_PROVIDER_OPTIONS,
                            address(),
                            keys,
                            values,
                            (long) settings.size());
        }
    }

    /** Has everything run on a stream of the caller's; to be called last. */
    public void stream(long stream) {
        api().call(
                        OrtFunction.UPDATE_CUDA_PROVIDER_OPTIONS_WITH_VALUE,
                        address(),
                        "user_compute_stream",
                        MemorySegment.ofAddress(stream));
    }
}
