package dev.parlo.engine.whisper.cpu;

import ai.onnxruntime.OrtException;
import dev.parlo.engine.whisper.network.Resources;
import dev.parlo.engine.whisper.network.WindowEncoder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The encoder's side of an arena. A window by itself gets all threads. Where as many clips wait as
 * there are threads, they get one each.
 */
final class CpuEncoder implements WindowEncoder, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CpuEncoder.class);

    private final CpuNetwork network;
    private final CrossCache cross;
    private final EncoderRun run;
    private boolean oneByOne;

    /** From the first crowd on. */
    private volatile @Nullable EncodersSideBySide sideBySide;

    /** Whether the network's own encoder has run: what it needed for that it keeps. */
    private volatile boolean hasRun;

    CpuEncoder(CpuNetwork network, CrossCache cross, int slots) throws OrtException {
        this.network = network;
        this.cross = cross;
        run = new EncoderRun(network, cross, new Resources());
        int threads = network.placement().threads();
        oneByOne =
                !EncodersSideBySide.pay(threads, network.encoderBytes())
                        || slots < EncodersSideBySide.leastSlots(threads);
    }

    /** Of runs, and of what exists for crowds alone. */
    long bytes() {
        EncodersSideBySide open = sideBySide;
        return (hasRun ? EncoderRun.bytes(network.shape()) : 0) + (open == null ? 0 : open.bytes());
    }

    @Override
    public int melBands() {
        return network.shape().melBands();
    }

    @Override
    public void encode(float[] mel, int slot) {
        hasRun = true;
        run.run(network.encoder(), mel, slot);
    }

    /** Files have time: a clip that comes would have to wait for several windows of theirs. */
    @Override
    public int together(int waiting, boolean urgent) {
        int threads = network.placement().threads();
        return urgent && !oneByOne && waiting >= threads ? threads : 1;
    }

    @Override
    public void encode(List<float[]> mels, int firstSlot) {
        EncodersSideBySide open =
                mels.size() == network.placement().threads() ? sideBySide() : null;
        if (open == null) {
            WindowEncoder.super.encode(mels, firstSlot);
        } else {
            open.encode(mels, firstSlot);
        }
    }

    private @Nullable EncodersSideBySide sideBySide() {
        if (sideBySide == null && !oneByOne) {
            try {
                sideBySide =
                        new EncodersSideBySide(
                                network, cross, network.placement().threads(), new Resources());
            } catch (OrtException e) {
                // Such as converted weights that were deleted since.
                LOG.warn("Clips are encoded one after another: {}", e.getMessage());
                oneByOne = true;
            }
        }
        return sideBySide;
    }

    /** Has the run under way fail at its next operator, from any thread. */
    void stop() {
        EncodersSideBySide open = sideBySide;
        if (open != null) {
            open.stop();
        }
        run.stop();
    }

    @Override
    public void close() {
        if (sideBySide != null) {
            sideBySide.close();
        }
        run.close();
    }
}
