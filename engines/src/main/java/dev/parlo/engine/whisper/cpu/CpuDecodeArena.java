package dev.parlo.engine.whisper.cpu;

import ai.onnxruntime.OrtException;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.Resources;
import dev.parlo.engine.whisper.network.WindowEncoder;

/** Caches in native memory, with the sessions that work on them. */
final class CpuDecodeArena implements DecodeArena {
    private final Resources resources;
    private final CrossCache cross;
    private final CpuEncoder encoder;
    private final RowCaches rows;
    private final CpuDecoderStep step;

    /**
     * @param resources empty; what is made is added, and closed where a later part cannot be made
     */
    CpuDecodeArena(CpuNetwork network, int slots, Resources resources) {
        this.resources = resources;
        WhisperShape shape = network.shape();
        try {
            RowCaches madeRows = new RowCaches(network.environment(), shape, slots);
            rows = resources.add(madeRows, madeRows::close);
            CrossCache madeCross = new CrossCache(network.environment(), shape, slots);
            cross = resources.add(madeCross, madeCross::close);
            CpuDecoderStep madeStep =
                    new CpuDecoderStep(network, cross, rows, slots, new Resources());
            step = resources.add(madeStep, madeStep::close);
            CpuEncoder madeEncoder = new CpuEncoder(network, cross, slots);
            encoder = resources.add(madeEncoder, madeEncoder::close);
        } catch (OrtException e) {
            resources.close();
            throw failed("Memory to decode in", e);
        } catch (Throwable e) { // errors, too: what is open lies outside of the heap
            resources.close();
            throw e;
        }
    }

    @Override
    public WindowEncoder encoder() {
        return encoder;
    }

    @Override
    public DecoderStep step() {
        return step;
    }

    @Override
    public long bytes() {
        return cross.bytes() + rows.bytes() + encoder.bytes();
    }

    @Override
    public void trim() {
        cross.trim();
        rows.trim();
    }

    @Override
    public void stopEncoder() {
        encoder.stop();
    }

    @Override
    public void stopStep() {
        step.stop();
    }

    private static EngineException failed(String what, OrtException cause) {
        return new EngineException(
                EngineException.Category.INTERNAL, what + " failed: " + cause.getMessage(), cause);
    }

    @Override
    public void close() {
        resources.close();
    }
}
