package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.onnx.StoredTensor;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of an export to ONNX, found by what its graph does with it.
 *
 * @param file its name
 * @param name of the weight, for messages
 * @param transposed whether rows and columns are exchanged
 * @param scale of eight bits; null where the numbers are stored themselves
 * @param zeroPoint of eight bits; null where it is 0
 */
record ExportedTensor(
        String file,
        String name,
        StoredTensor stored,
        boolean transposed,
        @Nullable StoredTensor scale,
        @Nullable StoredTensor zeroPoint)
        implements Weights.Weight {
    static final String WAY_ON =
            " Take the model's repository for Transformers (model.safetensors) or CTranslate2"
                    + " (model.bin).";

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    ExportedTensor flipped() {
        return new ExportedTensor(file, name, stored, !transposed, scale, zeroPoint);
    }

    @Override
    public Variable as(int... expected) {
        long[] asStored = Arrays.stream(expected).asLongStream().toArray();
        if (transposed && expected.length == 2) {
            asStored = new long[] {expected[1], expected[0]};
        }
        if (!Arrays.equals(stored.dims(), asStored)) {
            throw bad(
                    String.format(
                            Locale.ROOT,
                            "has shape %s; %s is expected, by its config.json",
                            Arrays.toString(stored.dims()),
                            Arrays.toString(asStored)));
        }
        DataType type =
                switch (stored.type()) {
                    case StoredTensor.FLOAT -> DataType.FLOAT32;
                    case StoredTensor.FLOAT16 -> DataType.FLOAT16;
                    case StoredTensor.BFLOAT16 -> DataType.BFLOAT16;
                    case StoredTensor.INT8, StoredTensor.UINT8 -> DataType.INT8;
                    default ->
                            throw bad(
                                    "is stored as ONNX's type "
                                            + stored.type()
                                            + "; float32, float16, bfloat16 and 8 bits are read");
                };
        long bytes = LongStream.of(stored.dims()).reduce(type.bytes(), Math::multiplyExact);
        if (stored.data().byteSize() != bytes) {
            throw bad("keeps its numbers in a way that is not read");
        }
        if (type != DataType.INT8 && (!transposed || expected.length == 1)) {
            return new StoredVariable(name, expected.clone(), type, stored.data(), null);
        }
        return new ExportedMatrix(
                name,
                expected.clone(),
                type,
                stored.data(),
                transposed,
                type == DataType.INT8 ? quantisation(expected) : null);
    }

    private ExportedMatrix.Quantisation quantisation(int[] expected) {
        if (scale == null || expected.length < 2) {
            throw bad("is quantised, and no scale belongs to it");
        }
        long scaleBytes = scale.data().byteSize();
        long zeroBytes = zeroPoint == null ? 1 : zeroPoint.data().byteSize();
        // Before they are copied: a file may call anything a scale.
        if (scaleBytes != Float.BYTES && scaleBytes != (long) Float.BYTES * expected[0]
                || zeroBytes != 1 && zeroBytes != scaleBytes / Float.BYTES) {
            throw bad(
                    String.format(
                            Locale.ROOT,
                            "is quantised with scales of %d bytes and zero points of %d; 1 or %d"
                                    + " are read, of 4 bytes and 1",
                            scaleBytes,
                            zeroBytes,
                            expected[0]));
        }
        float[] scales = floats(scale);
        int[] zeros = zeroPoint == null ? new int[1] : bytes(zeroPoint);
        return new ExportedMatrix.Quantisation(stored.type() == StoredTensor.INT8, scales, zeros);
    }

    private float[] floats(StoredTensor tensor) {
        if (tensor.type() != StoredTensor.FLOAT) {
            throw bad("has a scale of another type than float32");
        }
        return tensor.data().toArray(FLOAT);
    }

    private int[] bytes(StoredTensor tensor) {
        if (tensor.type() != stored.type()) {
            throw bad("has a zero point of another type than its own");
        }
        byte[] bytes = tensor.data().toArray(ValueLayout.JAVA_BYTE);
        int[] zeros = new int[bytes.length];
        for (int i = 0; i < zeros.length; i++) {
            zeros[i] = tensor.type() == StoredTensor.INT8 ? bytes[i] : bytes[i] & 0xff;
        }
        return zeros;
    }

    private EngineException bad(String problem) {
        return new EngineException(
                EngineException.Category.BAD_MODEL,
                String.format(
                        Locale.ROOT,
                        "%s: '%s' ('%s') %s.%s",
                        file,
                        name,
                        stored.name(),
                        problem,
                        WAY_ON));
    }
}
