package dev.parlo.engine.onnx.capi;

/**
 * The tensors that a session reads and writes, bound once and used by every run. An input and an
 * output may be the same tensor where the operator writes in place.
 */
public final class IoBinding extends OrtHandle {
    public IoBinding(Session session) {
        super(
                session.api(),
                OrtFunction.RELEASE_IO_BINDING,
                session.api().create(OrtFunction.CREATE_IO_BINDING, session.address()));
    }

    /** Bound to where it lies: the tensor must be on the device that reads it. */
    public void input(String name, Tensor tensor) {
        api().call(OrtFunction.BIND_INPUT, address(), name, tensor.address());
    }

    public void output(String name, Tensor tensor) {
        api().call(OrtFunction.BIND_OUTPUT, address(), name, tensor.address());
    }
}
