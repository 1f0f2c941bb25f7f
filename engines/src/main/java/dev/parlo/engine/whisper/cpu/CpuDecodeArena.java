package dev.parlo.engine.whisper.cpu;

import ai.onnxruntime.OrtException;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.WindowEncoder;

/** Caches in native memory, with the sessions that work on them. */
final class CpuDecodeArena implements DecodeArena {
    private final CrossCache cross;
    private final CpuEncoder encoder;
    private final RowCaches rows;
    private final CpuDecoderStep step;
    private boolean closed;

    CpuDecodeArena(CpuNetwork network, int slots) {
        WhisperShape shape = network.shape();
        this.rows = new RowCaches(network.environment(), shape, slots);
        CrossCache opened = null;
        try {
            opened = new CrossCache(network.environment(), shape, slots);
            this.cross = opened;
            this.step = new CpuDecoderStep(network, opened, rows, slots);
            this.encoder = new CpuEncoder(network, opened);
        } catch (OrtException | RuntimeException | Error e) {
            if (opened != null) {
                opened.close();
            }
            switch (e) {
                case OrtException failure -> throw failed("Memory to decode in", failure);
                case RuntimeException failure -> throw failure;
                default -> throw (Error) e;
            }
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
        if (!closed) {
            closed = true;
            encoder.close();
            step.close();
            cross.close();
        }
    }
}
