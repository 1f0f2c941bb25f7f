package dev.parlo.engine.speech;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Placement;
import dev.parlo.engine.onnx.CudaProvider;
import dev.parlo.engine.onnx.ExternalWeights;
import dev.parlo.engine.onnx.OnnxEnvironment;
import dev.parlo.engine.onnx.OnnxFailure;
import dev.parlo.engine.onnx.OnnxScan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A speech model's ONNX session. Names and types of inputs and outputs are read from the file; a
 * tensor inside the graph may be made an output; weights in other files are found through symbolic
 * links too, which ONNX Runtime by itself refuses. Thread-safe.
 */
public final class SpeechModel implements AutoCloseable {
    private static final Set<String> DURATIONS = Set.of("duration", "durations", "pred_dur");

    private final OrtEnvironment environment = OnnxEnvironment.get();
    private final OrtSession session;
    private final Map<String, TensorInfo> inputs = new LinkedHashMap<>();
    private final List<String> outputs;
    private final @Nullable String tapped;
    private final RunObserver observer;
    private final Placement placement;
    private final Lock running;
    private final ComputeType computeType;
    private final long bytes;
    private final String name;

    /**
     * Numbers that one run may give: five minutes at 48 kHz, where the longest text of a run speaks
     * for two. They are counted before they are copied to the heap.
     */
    private static final long MAX_OUTPUT = 16L << 20;

    /** Where an export without a duration output computes the durations. */
    public enum DurationTap {
        /** Kokoro: {@code Round}, then {@code Clip} to at least one frame. */
        CLIP_AFTER_ROUND,
        /** Piper: the only {@code Ceil}. */
        CEIL
    }

    /**
     * What a run gave.
     *
     * @param samples the audio, as the model made it
     * @param durations one per token, in the model's own frames; null when it does not tell
     */
    public record Result(float[] samples, double @Nullable [] durations) {}

    /**
     * Loads a model.
     *
     * @param file an .onnx file; its external data are looked for beside it
     * @throws EngineException of category BAD_MODEL when it is damaged or not a speech model
     */
    public SpeechModel(Path file, SpeechSettings settings, DurationTap tap) {
        observer = settings.runs();
        name = String.valueOf(file.getFileName());
        placement = settings.placement();
        running = settings.running();
        running.lock(); // weights are put on the device
        OrtSession opened = null;
        try (OrtSession.SessionOptions options = options(settings)) {
            ByteBuffer mapped = map(file);
            OnnxScan scan = OnnxScan.of(mapped);
            computeType = scan.computeType();
            tapped =
                    scan.outputs().stream().anyMatch(DURATIONS::contains)
                            ? null
                            : tensor(scan, tap).orElse(null);
            try (ExternalWeights external =
                    new ExternalWeights(environment, file, scan.externalTensors())) {
                bytes = mapped.remaining() + external.bytes();
                external.addTo(options);
                opened =
                        external.isEmpty() && tapped == null
                                ? environment.createSession(file.toString(), options)
                                : environment.createSession(withTail(mapped, tapped), options);
            }
            for (Map.Entry<String, NodeInfo> input : opened.getInputInfo().entrySet()) {
                if (input.getValue().getInfo() instanceof TensorInfo info) {
                    inputs.put(input.getKey(), info);
                }
            }
            outputs = List.copyOf(opened.getOutputNames());
            session = opened;
            opened = null; // whole: whoever has this closes it
        } catch (EngineException refused) {
            throw broken("cannot be loaded: " + refused.getMessage(), refused);
        } catch (OrtException | IOException failure) {
            throw broken("cannot be loaded: " + OnnxFailure.words(failure), failure);
        } finally {
            running.unlock();
            if (opened != null) {
                close(opened);
            }
        }
    }

    /** The failure of a file that is not what a speech model is. */
    private EngineException broken(String problem, @Nullable Exception cause) {
        String message = "The model's file " + name + " " + problem.replaceFirst("\\.$", "") + ".";
        return cause == null
                ? new EngineException(EngineException.Category.BAD_MODEL, message)
                : new EngineException(EngineException.Category.BAD_MODEL, message, cause);
    }

    private static OrtSession.SessionOptions options(SpeechSettings settings) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        try {
            set(options, settings);
            return options;
        } catch (Throwable failure) { // such as a GPU that is refused
            options.close();
            throw failure;
        }
    }

    private static void set(OrtSession.SessionOptions options, SpeechSettings settings)
            throws OrtException {
        options.setIntraOpNumThreads(settings.threads());
        options.setInterOpNumThreads(1);
        options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
        // every sentence has another shape, so that patterns would never be used again
        options.setMemoryPatternOptimization(false);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        if (settings.placement() instanceof Placement.Cuda gpu) {
            CudaProvider.addTo(options, gpu);
        }
    }

    private static ByteBuffer map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new IOException("it is larger than 2 GiB");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        }
    }

    private static Optional<String> tensor(OnnxScan scan, DurationTap tap) {
        return switch (tap) {
            case CLIP_AFTER_ROUND -> scan.onlyOutputFedBy("Clip", "Round");
            case CEIL -> scan.onlyOutput("Ceil");
        };
    }

    private static ByteBuffer withTail(ByteBuffer model, @Nullable String tapped) {
        byte[] tail = tapped == null ? new byte[0] : OnnxScan.outputTail(tapped);
        return ByteBuffer.allocateDirect(model.remaining() + tail.length)
                .put(model.duplicate())
                .put(tail)
                .flip();
    }

    /** The first of some names that is an input. */
    public Optional<String> input(String... names) {
        for (String name : names) {
            if (inputs.containsKey(name)) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    /** Like {@link #input}, but its absence is the model's fault. */
    public String requiredInput(String... names) {
        return input(names)
                .orElseThrow(() ->
                        new EngineException(
                                EngineException.Category.BAD_MODEL,
                                "The model has no input "
                                        + String.join(" or ", names)
                                        + "; its inputs are "
                                        + inputs.keySet()));
    }

    /** The type of an input. */
    public OnnxJavaType type(String input) {
        TensorInfo info = inputs.get(input);
        if (info == null) {
            throw new IllegalArgumentException("no input " + input);
        }
        return info.type;
    }

    /** What the exporter wrote into the file beside the graph. */
    public Map<String, String> metadata() {
        try {
            return session.getMetadata().getCustomMetadata();
        } catch (OrtException failure) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "The model's metadata cannot be read: " + failure.getMessage(),
                    failure);
        }
    }

    /** Of the engine that runs this model. */
    public EngineFacts facts() {
        return new EngineFacts(placement, computeType, OnnxEnvironment.label(), bytes);
    }

    /** True when durations come with the audio. */
    public boolean hasDurations() {
        return tapped != null || outputs.stream().anyMatch(DURATIONS::contains);
    }

    /** A value for an input, in the type of that input; it must be closed. */
    public OnnxTensor tensor(String input, double[] values, long... shape) throws OrtException {
        OnnxTensor tensor = TensorValues.tensor(environment, type(input), values, shape);
        if (tensor == null) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "The model's input "
                            + input
                            + " has the type "
                            + type(input)
                            + ", which is not known.");
        }
        return tensor;
    }

    /** Computes a value for an input. */
    public interface Feed {
        OnnxTensor tensor() throws OrtException;
    }

    /**
     * Runs the model; a run whose request is cancelled stops at its next operator.
     *
     * @param feeds a value for each input
     * @param tokens how many tokens went in, to tell the durations
     * @throws EngineException of category CANCELLED when that happened
     */
    public Result run(Map<String, Feed> feeds, int tokens, Cancellation cancellation) {
        Map<String, OnnxTensor> values = new HashMap<>();
        try (OrtSession.RunOptions options = new OrtSession.RunOptions();
                Cancellation.Registration stop =
                        cancellation.onCancel(() -> OnnxFailure.terminate(options))) {
            for (Map.Entry<String, Feed> feed : feeds.entrySet()) {
                values.put(feed.getKey(), feed.getValue().tensor());
            }
            running.lock();
            try {
                long start = System.nanoTime();
                try (OrtSession.Result result = session.run(values, options)) {
                    observer.ran(values, System.nanoTime() - start);
                    return read(result, tokens);
                }
            } finally {
                running.unlock();
            }
        } catch (OrtException failure) {
            cancellation.check();
            if (CudaProvider.isLost(failure)) {
                throw CudaProvider.lost(placement, failure);
            }
            throw new EngineException(
                    OnnxFailure.outOfMemory(failure)
                            ? EngineException.Category.NO_SPACE
                            : EngineException.Category.BAD_MODEL,
                    "The model's file "
                            + name
                            + " fails when it runs: "
                            + OnnxFailure.words(failure),
                    failure);
        } finally {
            values.values().forEach(OnnxTensor::close);
        }
    }

    private Result read(OrtSession.Result result, int tokens) {
        float[] samples = new float[0];
        boolean audible = false;
        double[] durations = null;
        long numbers = 0;
        for (Map.Entry<String, OnnxValue> value : result) {
            if (!(value.getValue() instanceof OnnxTensor tensor)) {
                continue;
            }
            String output = value.getKey();
            numbers += tensor.getInfo().getNumElements();
            if (numbers > MAX_OUTPUT) {
                throw broken(
                        "gives more than " + MAX_OUTPUT + " numbers for " + tokens + " tokens",
                        null);
            }
            if (output.equals(tapped) || DURATIONS.contains(output)) {
                double[] values = TensorValues.doubles(tensor);
                durations = values.length == tokens ? checked(values) : null;
            } else if (TensorValues.floating(tensor)) {
                audible = true;
                FloatBuffer audio = tensor.getFloatBuffer();
                if (audio.remaining() > samples.length) {
                    samples = new float[audio.remaining()];
                    audio.get(samples);
                }
            }
        }
        if (!audible) {
            throw broken("gives no audio: none of its outputs are floating-point numbers", null);
        }
        for (float sample : samples) {
            if (!Float.isFinite(sample)) {
                throw broken("gives audio with " + sample + " among the samples", null);
            }
        }
        return new Result(samples, durations);
    }

    /** A wrong output would be taken for durations and misplace words. */
    private double[] checked(double[] durations) {
        double total = 0;
        for (double duration : durations) {
            if (!(duration >= 0 && duration <= MAX_OUTPUT)) {
                throw broken("gives a token the duration " + duration, null);
            }
            total += duration;
        }
        if (total == 0) {
            throw broken("gives no token a duration", null);
        }
        return durations;
    }

    /** Bytes of the weights. */
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        close(session);
    }

    private static void close(OrtSession session) {
        try {
            session.close();
        } catch (OrtException failure) {
            throw new EngineException(
                    EngineException.Category.INTERNAL,
                    "The model cannot be closed: " + failure,
                    failure);
        }
    }
}
