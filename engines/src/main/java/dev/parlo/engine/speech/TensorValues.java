package dev.parlo.engine.speech;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import org.jspecify.annotations.Nullable;

/** Numbers to tensors of the type of a model's input, and back. */
final class TensorValues {
    private TensorValues() {}

    /** A tensor, or null for a type that speech models do not have. */
    static @Nullable OnnxTensor tensor(
            OrtEnvironment environment, OnnxJavaType type, double[] values, long... shape)
            throws OrtException {
        return switch (type) {
            case INT64 -> {
                LongBuffer buffer = LongBuffer.allocate(values.length);
                for (double value : values) {
                    buffer.put(Math.round(value));
                }
                yield OnnxTensor.createTensor(environment, buffer.flip(), shape);
            }
            case INT32 -> {
                IntBuffer buffer = IntBuffer.allocate(values.length);
                for (double value : values) {
                    buffer.put((int) Math.round(value));
                }
                yield OnnxTensor.createTensor(environment, buffer.flip(), shape);
            }
            case FLOAT16 -> {
                ShortBuffer buffer =
                        ByteBuffer.allocateDirect(values.length * Short.BYTES)
                                .order(ByteOrder.nativeOrder())
                                .asShortBuffer();
                for (double value : values) {
                    buffer.put(Float.floatToFloat16((float) value));
                }
                yield OnnxTensor.createTensor(
                        environment, buffer.flip(), shape, OnnxJavaType.FLOAT16);
            }
            case FLOAT -> {
                FloatBuffer buffer = FloatBuffer.allocate(values.length);
                for (double value : values) {
                    buffer.put((float) value);
                }
                yield OnnxTensor.createTensor(environment, buffer.flip(), shape);
            }
            default -> null;
        };
    }

    static boolean floating(OnnxTensor tensor) {
        OnnxJavaType type = tensor.getInfo().type;
        return type == OnnxJavaType.FLOAT || type == OnnxJavaType.FLOAT16;
    }

    /** A tensor's numbers in order; none when they are of a type that durations never have. */
    static double[] doubles(OnnxTensor tensor) {
        return switch (tensor.getInfo().type) {
            case INT64 -> {
                LongBuffer buffer = tensor.getLongBuffer();
                double[] values = new double[buffer.remaining()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = buffer.get(i);
                }
                yield values;
            }
            case INT32 -> {
                IntBuffer buffer = tensor.getIntBuffer();
                double[] values = new double[buffer.remaining()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = buffer.get(i);
                }
                yield values;
            }
            case FLOAT, FLOAT16 -> {
                FloatBuffer buffer = tensor.getFloatBuffer();
                double[] values = new double[buffer.remaining()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = buffer.get(i);
                }
                yield values;
            }
            default -> new double[0];
        };
    }
}
