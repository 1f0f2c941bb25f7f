package dev.parlo.engine.parakeet;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.onnx.CheckedModel;
import dev.parlo.engine.onnx.OnnxEnvironment;
import dev.parlo.engine.onnx.OnnxFailure;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** One of a model's two networks, whose file may be anybody's: what it gives is checked. */
final class Graph implements AutoCloseable {
    private final String name;
    private final CheckedModel model;

    /**
     * @throws EngineException BAD_MODEL when it is damaged
     */
    Graph(Path file, String kind, int threads) {
        name = "The " + kind + " " + file.getFileName();
        model = CheckedModel.open(file, kind, Integer.MAX_VALUE, threads);
    }

    CheckedModel model() {
        return model;
    }

    /**
     * The declared shape of an input; -1 for a dimension that varies.
     *
     * @throws EngineException BAD_MODEL for one that is missing, or of another type or rank
     */
    long[] input(String input, OnnxJavaType type, int rank) {
        try {
            NodeInfo node = model.session().getInputInfo().get(input);
            if (node != null
                    && node.getInfo() instanceof TensorInfo info
                    && info.type == type
                    && info.getShape().length == rank) {
                return info.getShape();
            }
            throw broken(
                    "has no input "
                            + input
                            + " of "
                            + rank
                            + " dimensions and type "
                            + type
                            + ". It has "
                            + shown(model.session().getInputInfo().keySet()));
        } catch (OrtException failure) {
            throw broken("cannot be read: " + OnnxFailure.words(failure));
        }
    }

    /**
     * The declared shape of an output; -1 for a dimension that varies, and empty where its rank
     * does.
     *
     * @throws EngineException BAD_MODEL for one that is missing or of another type
     */
    long[] output(String output, OnnxJavaType type) {
        try {
            NodeInfo node = model.session().getOutputInfo().get(output);
            if (node != null && node.getInfo() instanceof TensorInfo info && info.type == type) {
                return info.getShape();
            }
            throw broken(
                    "gives no output "
                            + output
                            + " of type "
                            + type
                            + ". It gives "
                            + shown(model.session().getOutputInfo().keySet()));
        } catch (OrtException failure) {
            throw broken("cannot be read: " + OnnxFailure.words(failure));
        }
    }

    /**
     * @throws EngineException BAD_MODEL where it has other inputs besides these
     */
    void requireOnly(String... inputs) {
        try {
            Set<String> others = new TreeSet<>(model.session().getInputInfo().keySet());
            others.removeAll(Set.of(inputs));
            if (!others.isEmpty()) {
                throw broken("needs inputs that Parakeet has not: " + shown(others));
            }
        } catch (OrtException failure) {
            throw broken("cannot be read: " + OnnxFailure.words(failure));
        }
    }

    private static String shown(Set<String> names) {
        String all = String.join(", ", names);
        return all.length() > 200 ? all.substring(0, 200) + "…" : all;
    }

    /** The inputs of one run. */
    static final class Inputs implements AutoCloseable {
        private final Map<String, OnnxTensor> tensors = new HashMap<>();

        Inputs floats(String input, float[] values, long... shape) throws OrtException {
            tensors.put(
                    input,
                    OnnxTensor.createTensor(
                            OnnxEnvironment.get(), FloatBuffer.wrap(values), shape));
            return this;
        }

        Inputs ints(String input, int[] values, long... shape) throws OrtException {
            tensors.put(
                    input,
                    OnnxTensor.createTensor(OnnxEnvironment.get(), IntBuffer.wrap(values), shape));
            return this;
        }

        Inputs longs(String input, long[] values, long... shape) throws OrtException {
            tensors.put(
                    input,
                    OnnxTensor.createTensor(OnnxEnvironment.get(), LongBuffer.wrap(values), shape));
            return this;
        }

        Map<String, OnnxTensor> tensors() {
            return tensors;
        }

        @Override
        public void close() {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    /** An output, after its type and shape were found to be as expected. */
    static OnnxTensor output(
            Graph graph, OrtSession.Result result, String output, OnnxJavaType type) {
        if (result.get(output).orElse(null) instanceof OnnxTensor tensor
                && tensor.getInfo().type == type) {
            return tensor;
        }
        throw graph.broken("gives no output " + output + " of type " + type);
    }

    /**
     * The numbers of an output.
     *
     * @param count how many there must be
     * @throws EngineException BAD_MODEL for another number of them
     */
    float[] floats(OrtSession.Result result, String output, long count) {
        OnnxTensor tensor = output(this, result, output, OnnxJavaType.FLOAT);
        long given = tensor.getInfo().getNumElements();
        FloatBuffer buffer = given == count ? tensor.getFloatBuffer() : null;
        if (buffer == null) {
            throw broken(
                    "gives " + given + " numbers as " + output + "; " + count + " are expected");
        }
        float[] values = new float[(int) count];
        buffer.get(values);
        return values;
    }

    /**
     * @throws EngineException BAD_MODEL for a number that nothing can be computed with
     */
    void requireFinite(float value, String output) {
        if (!Float.isFinite(value)) {
            throw broken("gives " + value + " among the numbers of " + output);
        }
    }

    EngineException failed(OrtException failure) {
        return OnnxFailure.outOfMemory(failure)
                ? new EngineException(
                        Category.NO_SPACE, "There is not enough memory to run the model.", failure)
                : new EngineException(
                        Category.BAD_MODEL,
                        name + " fails when it runs: " + OnnxFailure.words(failure),
                        failure);
    }

    EngineException broken(String problem) {
        return new EngineException(Category.BAD_MODEL, name + " " + problem + ".");
    }

    @Override
    public void close() {
        model.close();
    }
}
