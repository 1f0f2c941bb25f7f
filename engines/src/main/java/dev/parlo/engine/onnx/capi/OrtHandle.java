package dev.parlo.engine.onnx.capi;

import java.lang.foreign.MemorySegment;

/** Something of the library that must be released once. Closing twice is harmless. */
public abstract class OrtHandle implements AutoCloseable {
    private final OrtApi api;
    private final OrtFunction release;
    private MemorySegment address;

    OrtHandle(OrtApi api, OrtFunction release, MemorySegment address) {
        this.api = api;
        this.release = release;
        this.address = address;
        api.opened();
    }

    final OrtApi api() {
        return api;
    }

    final MemorySegment address() {
        if (address.address() == 0) {
            throw new IllegalStateException(getClass().getSimpleName() + " is closed");
        }
        return address;
    }

    @Override
    public final void close() {
        if (address.address() != 0) {
            api.close(release, address);
            address = MemorySegment.NULL;
        }
    }
}
