package dev.parlo.engine.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.onnx.OnnxScan.ExternalTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of a model that lie in other files, mapped while a session is made of them. ONNX
 * Runtime by itself refuses such a file where its real path leaves the model's folder, which is so
 * for every file of a Hugging Face cache; handed over as values, any file does. Used by one thread.
 */
public final class ExternalWeights implements AutoCloseable {
    private final Map<String, OnnxTensorLike> tensors = new HashMap<>();
    private long bytes;

    /**
     * @param model the .onnx file, beside which the others lie
     * @throws EngineException of category BAD_MODEL when a tensor's place is wrong
     * @throws IOException when a file cannot be read
     */
    public ExternalWeights(OrtEnvironment environment, Path model, List<ExternalTensor> wanted)
            throws OrtException, IOException {
        try {
            for (ExternalTensor tensor : wanted) {
                OnnxTensor loaded = load(environment, model, tensor);
                tensors.put(tensor.place().tensor(), loaded);
                bytes += loaded.getByteBuffer().remaining();
            }
        } catch (IllegalArgumentException refused) {
            close();
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    String.valueOf(refused.getMessage()),
                    refused);
        } catch (IOException | OrtException | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    public boolean isEmpty() {
        return tensors.isEmpty();
    }

    public long bytes() {
        return bytes;
    }

    public void addTo(OrtSession.SessionOptions options) throws OrtException {
        if (!tensors.isEmpty()) {
            options.addExternalInitializers(tensors);
        }
    }

    private static OnnxTensor load(OrtEnvironment environment, Path model, ExternalTensor tensor)
            throws OrtException, IOException {
        Path file = tensor.place().file(model.toAbsolutePath().resolveSibling(""));
        OnnxJavaType type = type(tensor);
        try (FileChannel channel = FileChannel.open(file)) {
            long count = type.size;
            for (long dim : tensor.dims()) {
                count = Math.multiplyExact(count, dim);
            }
            if (count < 0) {
                throw new ArithmeticException("negative");
            }
            tensor.place().check(count, channel.size());
            ByteBuffer data =
                    channel.map(FileChannel.MapMode.READ_ONLY, tensor.place().offset(), count)
                            .order(ByteOrder.nativeOrder());
            return OnnxTensor.createTensor(environment, data, tensor.dims(), type);
        } catch (ArithmeticException overflow) {
            throw new IllegalArgumentException(
                    "its tensor '" + tensor.place().tensor() + "' has an impossible shape",
                    overflow);
        }
    }

    /** The numbers are those of TensorProto.DataType. */
    private static OnnxJavaType type(ExternalTensor tensor) {
        return switch (tensor.dataType()) {
            case 1 -> OnnxJavaType.FLOAT;
            case 2 -> OnnxJavaType.UINT8;
            case 3 -> OnnxJavaType.INT8;
            case 6 -> OnnxJavaType.INT32;
            case 7 -> OnnxJavaType.INT64;
            case 9 -> OnnxJavaType.BOOL;
            case 10 -> OnnxJavaType.FLOAT16;
            case 11 -> OnnxJavaType.DOUBLE;
            case 16 -> OnnxJavaType.BFLOAT16;
            default ->
                    throw new IllegalArgumentException(
                            "its tensor '"
                                    + tensor.place().tensor()
                                    + "' has the unknown type "
                                    + tensor.dataType());
        };
    }

    @Override
    public void close() {
        tensors.values().forEach(tensor -> ((OnnxTensor) tensor).close());
        tensors.clear();
    }
}
