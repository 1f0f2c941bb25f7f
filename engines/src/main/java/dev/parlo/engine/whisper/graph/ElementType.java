package dev.parlo.engine.whisper.graph;

import ai.onnx.proto.OnnxMl;

/** Element types of ONNX tensors that the graphs use. */
enum ElementType {
    FLOAT(OnnxMl.TensorProto.DataType.FLOAT_VALUE),
    FLOAT16(OnnxMl.TensorProto.DataType.FLOAT16_VALUE),
    UINT8(OnnxMl.TensorProto.DataType.UINT8_VALUE),
    INT8(OnnxMl.TensorProto.DataType.INT8_VALUE),
    INT32(OnnxMl.TensorProto.DataType.INT32_VALUE),
    INT64(OnnxMl.TensorProto.DataType.INT64_VALUE),
    BOOL(OnnxMl.TensorProto.DataType.BOOL_VALUE);

    private final int id;

    ElementType(int id) {
        this.id = id;
    }

    int id() {
        return id;
    }
}
