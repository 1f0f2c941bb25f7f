package dev.parlo.engine.vad;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Placement;
import dev.parlo.engine.onnx.OnnxEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Silero's network on ONNX Runtime, in any of its published forms ({@link SileroInterface}). One
 * thread computes: a window takes about a tenth of a millisecond, less than handing parts of it to
 * other threads would. Thread-safe.
 */
public final class SileroVad implements VoiceActivityDetector {
    /** The largest published file has 2.3 MB. */
    private static final long LARGEST_FILE = 32L << 20;

    private final OrtSession session;
    private final SileroInterface kind;
    private final long bytes;

    private SileroVad(OrtSession session, SileroInterface kind, long bytes) {
        this.session = session;
        this.kind = kind;
        this.bytes = bytes;
    }

    /**
     * @throws EngineException of category BAD_MODEL when the file is not such a network
     */
    public static SileroVad open(Path file) {
        String name = String.valueOf(file.getFileName());
        try {
            long bytes = Files.size(file);
            if (bytes > LARGEST_FILE) {
                throw new EngineException(
                        EngineException.Category.BAD_MODEL,
                        "The voice activity model "
                                + name
                                + " has "
                                + bytes
                                + " bytes; Silero's have fewer than "
                                + LARGEST_FILE
                                + ".");
            }
            OrtSession session = session(file);
            try {
                SileroInterface kind = SileroInterface.of(session.getInputNames());
                SileroVad vad = new SileroVad(session, kind, bytes);
                vad.tryOut();
                return vad;
            } catch (RuntimeException | Error e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            throw broken(name, "ONNX Runtime does not load it", e);
        } catch (IOException e) {
            throw broken(name, "it cannot be read", e);
        }
    }

    private static OrtSession session(Path file) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            // The runs are small; an arena would only keep memory.
            options.setCPUArenaAllocator(false);
            options.setMemoryPatternOptimization(false);
            return OnnxEnvironment.get().createSession(file.toString(), options);
        }
    }

    /** A network of another shape is told when it is loaded, not by the first request. */
    private void tryOut() {
        try (Pass pass = open()) {
            pass.probabilities(new float[WINDOW], 1);
        }
    }

    @Override
    public Pass open() {
        return new SileroPass(session, kind);
    }

    @Override
    public EngineFacts facts() {
        return new EngineFacts(
                Placement.Cpu.threads(1), ComputeType.FLOAT32, OnnxEnvironment.label(), bytes);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new EngineException(
                    EngineException.Category.INTERNAL, "A Silero VAD session cannot be closed.", e);
        }
    }

    private static EngineException broken(String name, String why, Throwable cause) {
        return new EngineException(
                EngineException.Category.BAD_MODEL,
                "The voice activity model " + name + " cannot be used: " + why + ".",
                cause);
    }
}
