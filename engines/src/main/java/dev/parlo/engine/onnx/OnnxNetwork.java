package dev.parlo.engine.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Placement;
import dev.parlo.engine.steps.NativeSteps;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network from one tensor of floats to another, whatever the file calls them: the only input, and
 * the first output. Thread-safe.
 */
public final class OnnxNetwork implements AutoCloseable {
    private final String name;
    private final int threads;
    private final NativeSteps steps;
    private final CheckedModel model;
    private final OrtSession session;
    private final String input;
    private final String output;
    private final long[] inputShape;

    /**
     * What a run gave.
     *
     * @param values in the order of the last dimension first
     * @param shape whose product is their number
     */
    public record Output(float[] values, long[] shape) {}

    /**
     * Loads a network.
     *
     * @param file an .onnx file; its external data are looked for beside it
     * @param kind what it should be, for messages, such as {@code speaker embedding model}
     * @param largest bytes of the file
     * @param threads that compute one run
     * @param steps of the engine, of which each run is one
     * @throws EngineException of category BAD_MODEL when it is damaged, or has another interface
     */
    public OnnxNetwork(Path file, String kind, long largest, int threads, NativeSteps steps) {
        this.steps = steps;
        this.name = kind + " " + file.getFileName();
        this.threads = threads;
        model = CheckedModel.open(file, kind, largest, threads);
        session = model.session();
        try {
            Map<String, NodeInfo> inputs = session.getInputInfo();
            if (inputs.size() != 1
                    || !(inputs.values().iterator().next().getInfo() instanceof TensorInfo info)
                    || info.type != OnnxJavaType.FLOAT) {
                throw broken(
                        "has the inputs " + inputs.keySet() + "; one of 32-bit floats is needed",
                        null);
            }
            input = inputs.keySet().iterator().next();
            inputShape = info.getShape();
            output = session.getOutputNames().iterator().next();
        } catch (OrtException failure) {
            close();
            throw broken("cannot be read: " + OnnxFailure.words(failure), failure);
        } catch (RuntimeException | Error refused) {
            close();
            throw refused;
        }
    }

    /** As the file declares it; -1 for a dimension that varies. */
    public long[] inputShape() {
        return inputShape.clone();
    }

    /** What the exporter wrote into the file beside the graph, by its key; "" for nothing. */
    public String metadata(String key) {
        try {
            return session.getMetadata().getCustomMetadata().getOrDefault(key, "");
        } catch (OrtException failure) {
            throw broken("has unreadable metadata: " + OnnxFailure.words(failure), failure);
        }
    }

    /**
     * Runs the network; a run whose request is cancelled stops at its next operator.
     *
     * @param most numbers that it may give, counted before they are copied to the heap
     * @throws EngineException CANCELLED; NO_SPACE; BAD_MODEL when it fails, gives more, or gives
     *     something else than finite floats
     */
    public Output run(FloatBuffer values, long[] shape, long most, Cancellation cancellation) {
        Output given = runAny(values, shape, most, cancellation);
        for (float value : given.values()) {
            if (!Float.isFinite(value)) {
                throw broken("gives " + value + " among its numbers", null);
            }
        }
        return given;
    }

    /** As {@link #run}, also where it gives numbers that are not finite. */
    public Output runAny(FloatBuffer values, long[] shape, long most, Cancellation cancellation) {
        return steps.run(
                "run of the network", cancellation, own -> computed(values, shape, most, own));
    }

    private Output computed(
            FloatBuffer values, long[] shape, long most, Cancellation cancellation) {
        try (OrtSession.RunOptions options = new OrtSession.RunOptions();
                Cancellation.Registration stop =
                        cancellation.onCancel(() -> OnnxFailure.terminate(options));
                OnnxTensor tensor = OnnxTensor.createTensor(OnnxEnvironment.get(), values, shape);
                OrtSession.Result result = session.run(Map.of(input, tensor), options)) {
            return read(result, most);
        } catch (OrtException failure) {
            cancellation.check();
            if (OnnxFailure.outOfMemory(failure)) {
                throw new EngineException(
                        Category.NO_SPACE,
                        "There is not enough memory to run the " + name + ".",
                        failure);
            }
            throw broken("fails when it runs: " + OnnxFailure.words(failure), failure);
        }
    }

    private Output read(OrtSession.Result result, long most) {
        if (!(result.get(output).orElse(null) instanceof OnnxTensor tensor)
                || tensor.getInfo().type != OnnxJavaType.FLOAT) {
            throw broken("gives no 32-bit floats as its output " + output, null);
        }
        long count = tensor.getInfo().getNumElements();
        if (count > most) {
            throw broken("gives " + count + " numbers; at most " + most + " are expected", null);
        }
        float[] values = new float[(int) count];
        FloatBuffer buffer = tensor.getFloatBuffer();
        if (buffer != null) {
            buffer.get(values);
        }
        return new Output(values, tensor.getInfo().getShape());
    }

    /** The failure of a file that is not what it should be. */
    public EngineException broken(String problem, @Nullable Exception cause) {
        String message = "The " + name + " " + problem.replaceFirst("\\.$", "") + ".";
        return cause == null
                ? new EngineException(Category.BAD_MODEL, message)
                : new EngineException(Category.BAD_MODEL, message, cause);
    }

    public EngineFacts facts() {
        return new EngineFacts(
                Placement.Cpu.threads(threads),
                model.computeType(),
                OnnxEnvironment.label(),
                model.bytes());
    }

    @Override
    public void close() {
        model.close();
    }
}
