/**
 * The part of ONNX Runtime's C API that its Java API leaves out: tensors over memory that the
 * caller owns, bindings that are made once, and the options of the CUDA provider. By {@code
 * java.lang.foreign}; nothing here is thread-safe unless it says so. Internal: it may change with
 * any version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.onnx.capi;
