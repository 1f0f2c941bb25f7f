package dev.parlo.engine.vad;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.onnx.OnnxEnvironment;
import dev.parlo.engine.onnx.OnnxFailure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/** One pass of {@link SileroVad}: the network's state, and the samples just before the next. */
final class SileroPass implements VoiceActivityDetector.Pass {
    private static final int WINDOW = VoiceActivityDetector.WINDOW;

    private final OrtSession session;
    private final SileroInterface kind;
    private final float[] context;
    private final float[][] states;

    SileroPass(OrtSession session, SileroInterface kind) {
        this.session = session;
        this.kind = kind;
        context = new float[kind.context];
        states = new float[kind.states.size()][kind.stateSize()];
    }

    @Override
    public float[] probabilities(float[] samples, int windows) {
        float[] probabilities = new float[windows];
        try {
            for (int done = 0; done < windows; ) {
                int part = Math.min(windows - done, kind.windows);
                run(samples, done, part, probabilities);
                done += part;
            }
        } catch (OrtException e) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "ONNX Runtime does not run it: " + OnnxFailure.words(e) + ".",
                    e);
        }
        return probabilities;
    }

    private void run(float[] samples, int from, int windows, float[] probabilities)
            throws OrtException {
        FloatBuffer input = input(samples, from, windows);
        Map<String, OnnxTensorLike> inputs = new HashMap<>();
        try {
            long[] shape = {windows, kind.context + WINDOW};
            inputs.put("input", OnnxTensor.createTensor(OnnxEnvironment.get(), input, shape));
            if (kind.takesRate()) {
                inputs.put(
                        "sr",
                        OnnxTensor.createTensor(
                                OnnxEnvironment.get(), (long) AudioSource.SAMPLE_RATE));
            }
            for (int i = 0; i < states.length; i++) {
                inputs.put(
                        kind.states.get(i),
                        OnnxTensor.createTensor(
                                OnnxEnvironment.get(),
                                FloatBuffer.wrap(states[i]),
                                kind.stateShape()));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                FloatBuffer found = values(result, 0, windows);
                for (int i = 0; i < windows; i++) {
                    probabilities[from + i] = probability(found.get(i));
                }
                for (int i = 0; i < states.length; i++) {
                    values(result, 1 + i, states[i].length).get(states[i]);
                }
            }
        } finally {
            inputs.values().forEach(OnnxTensorLike::close);
        }
    }

    /** [windows, context + 512]: each window behind the last samples of the one before it. */
    private FloatBuffer input(float[] samples, int from, int windows) {
        FloatBuffer input =
                ByteBuffer.allocateDirect(windows * (kind.context + WINDOW) * Float.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();
        for (int i = from; i < from + windows; i++) {
            input.put(context).put(samples, i * WINDOW, WINDOW);
            System.arraycopy(
                    samples, (i + 1) * WINDOW - context.length, context, 0, context.length);
        }
        return input.flip();
    }

    /**
     * An output by its place, since the probability has other names in other releases, and with the
     * number of values it must have.
     */
    private FloatBuffer values(OrtSession.Result result, int index, int count) {
        if (index < result.size()
                && result.get(index) instanceof OnnxTensor tensor
                && tensor.getInfo().getNumElements() == count) {
            FloatBuffer values = tensor.getFloatBuffer();
            if (values != null) {
                return values;
            }
        }
        throw new EngineException(
                EngineException.Category.BAD_MODEL,
                "The voice activity model has another output "
                        + index
                        + " than Silero's, which has "
                        + count
                        + " numbers. Install the model again.");
    }

    private static float probability(float value) {
        if (value >= 0 && value <= 1) {
            return value;
        }
        throw new EngineException(
                EngineException.Category.BAD_MODEL,
                "The voice activity model yields "
                        + value
                        + ", which is not a probability. Install the model again.");
    }

    @Override
    public void close() {
        // Everything it holds is on the heap.
    }
}
