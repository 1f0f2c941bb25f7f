package dev.parlo.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The session of a small network whose file may be damaged or somebody else's: its size is bounded,
 * and {@link OnnxScan} has looked through it before the runtime sees it. Thread-safe.
 *
 * @param computeType the number format of its matrices
 * @param bytes of the file and the weights beside it
 */
public record CheckedModel(OrtSession session, ComputeType computeType, long bytes)
        implements AutoCloseable {
    /**
     * Opens a file.
     *
     * @param kind what it should be, for messages, such as {@code voice activity model}
     * @param largest bytes of the file
     * @param threads that compute one run
     * @throws EngineException of category BAD_MODEL, naming the file without its folder
     */
    public static CheckedModel open(Path file, String kind, long largest, int threads) {
        String name = String.valueOf(file.getFileName());
        try (OrtSession.SessionOptions options = options(threads)) {
            ByteBuffer mapped = map(file, largest);
            OnnxScan scan = OnnxScan.of(mapped);
            try (ExternalWeights external =
                    new ExternalWeights(OnnxEnvironment.get(), file, scan.externalTensors())) {
                external.addTo(options);
                ComputeType type = scan.computeType();
                long bytes = mapped.remaining() + external.bytes();
                // The last that can fail: nobody else closes it.
                OrtSession session =
                        external.isEmpty()
                                ? OnnxEnvironment.get().createSession(file.toString(), options)
                                : OnnxEnvironment.get().createSession(mapped, options);
                return new CheckedModel(session, type, bytes);
            }
        } catch (EngineException refused) {
            throw broken(kind, name, String.valueOf(refused.getMessage()), refused);
        } catch (OrtException failure) {
            throw broken(kind, name, OnnxFailure.words(failure), failure);
        } catch (IOException failure) {
            throw broken(kind, name, "it cannot be read", failure);
        }
    }

    private static OrtSession.SessionOptions options(int threads) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        try {
            set(options, threads);
            return options;
        } catch (Throwable failure) {
            options.close();
            throw failure;
        }
    }

    private static void set(OrtSession.SessionOptions options, int threads) throws OrtException {
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        // The runs are small; an arena would only keep memory.
        options.setCPUArenaAllocator(false);
        options.setMemoryPatternOptimization(false);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
    }

    private static ByteBuffer map(Path file, long largest) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long bytes = channel.size();
            if (bytes > Math.min(largest, Integer.MAX_VALUE)) {
                throw new EngineException(
                        Category.BAD_MODEL,
                        String.format(
                                Locale.ROOT,
                                "it has %d bytes, and at most %d are expected",
                                bytes,
                                largest));
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes);
        }
    }

    private static EngineException broken(String kind, String name, String why, Exception cause) {
        return new EngineException(
                Category.BAD_MODEL,
                String.format(Locale.ROOT, "The %s %s cannot be used: %s.", kind, name, why),
                cause);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException failure) {
            throw new EngineException(
                    Category.INTERNAL, "A model's session cannot be closed.", failure);
        }
    }
}
