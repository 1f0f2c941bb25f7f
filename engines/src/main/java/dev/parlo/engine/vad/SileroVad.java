package dev.parlo.engine.vad;

import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Placement;
import dev.parlo.engine.onnx.CheckedModel;
import dev.parlo.engine.onnx.OnnxEnvironment;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Silero's network on ONNX Runtime, in any of its published forms ({@link SileroInterface}). One
 * thread computes: a window takes about a tenth of a millisecond, less than handing parts of it to
 * other threads would. Thread-safe.
 */
public final class SileroVad implements VoiceActivityDetector {
    private static final String KIND = "voice activity model";

    /** The largest published file has 2.3 MB. */
    private static final long LARGEST_FILE = 32L << 20;

    private final CheckedModel model;
    private final SileroInterface kind;

    private SileroVad(CheckedModel model, SileroInterface kind) {
        this.model = model;
        this.kind = kind;
    }

    /**
     * Loads a network, and tries it out.
     *
     * @param file an ONNX file, at most 32 MiB large
     * @return the detector; the caller closes it
     * @throws EngineException of category BAD_MODEL when the file is not such a network
     */
    public static SileroVad open(Path file) {
        CheckedModel model = CheckedModel.open(file, KIND, LARGEST_FILE, 1);
        try {
            SileroVad vad =
                    new SileroVad(model, SileroInterface.of(model.session().getInputNames()));
            vad.tryOut();
            return vad;
        } catch (EngineException refused) {
            model.close();
            throw new EngineException(
                    Category.BAD_MODEL,
                    String.format(
                            Locale.ROOT,
                            "The %s %s cannot be used. %s",
                            KIND,
                            file.getFileName(),
                            refused.getMessage()),
                    refused);
        } catch (RuntimeException | Error failure) {
            model.close();
            throw failure;
        }
    }

    /** A network of another shape is told when it is loaded, not by the first request. */
    private void tryOut() {
        try (Pass pass = open()) {
            float[] unused = pass.probabilities(new float[WINDOW], 1);
        }
    }

    @Override
    public Pass open() {
        return new SileroPass(model.session(), kind);
    }

    @Override
    public EngineFacts facts() {
        return new EngineFacts(
                Placement.Cpu.threads(1),
                ComputeType.FLOAT32,
                OnnxEnvironment.label(),
                model.bytes());
    }

    @Override
    public void close() {
        model.close();
    }
}
