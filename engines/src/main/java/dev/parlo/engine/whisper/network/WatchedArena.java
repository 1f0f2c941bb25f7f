package dev.parlo.engine.whisper.network;

import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.engine.steps.StepLane;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.WindowDecoder.RowCopy;
import java.util.List;
import java.util.Map;

/** An arena whose runs of encoder and decoder are told, so that one which never ends is noticed. */
public final class WatchedArena implements DecodeArena {
    private final DecodeArena arena;
    private final StepLane encoding;
    private final StepLane decoding;
    private final WindowEncoder encoder;
    private final DecoderStep step;

    /**
     * @param arena closed with this
     */
    public WatchedArena(DecodeArena arena, NativeSteps steps) {
        this.arena = arena;
        encoding = steps.lane("encoder", arena::stopEncoder);
        decoding = steps.lane("decoder step", arena::stopStep);
        encoder = new Encoder(arena.encoder());
        step = new Step(arena.step());
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
        return arena.bytes();
    }

    @Override
    public Map<String, Integer> nodes() {
        return arena.nodes();
    }

    @Override
    public void trim() {
        arena.trim();
    }

    @Override
    public void stopEncoder() {
        arena.stopEncoder();
    }

    @Override
    public void stopStep() {
        arena.stopStep();
    }

    @Override
    public void close() {
        encoding.close();
        decoding.close();
        arena.close();
    }

    private final class Encoder implements WindowEncoder {
        private final WindowEncoder windows;

        Encoder(WindowEncoder windows) {
            this.windows = windows;
        }

        @Override
        public int melBands() {
            return windows.melBands();
        }

        @Override
        public void encode(float[] mel, int slot) {
            encoding.run(() -> windows.encode(mel, slot));
        }

        @Override
        public int together(int waiting, boolean urgent) {
            return windows.together(waiting, urgent);
        }

        @Override
        public void encode(List<float[]> mels, int firstSlot) {
            encoding.run(() -> windows.encode(mels, firstSlot));
        }
    }

    private final class Step implements DecoderStep {
        private final DecoderStep rows;

        Step(DecoderStep rows) {
            this.rows = rows;
        }

        @Override
        public int slots() {
            return rows.slots();
        }

        @Override
        public int positions() {
            return rows.positions();
        }

        @Override
        public int vocabularySize() {
            return rows.vocabularySize();
        }

        @Override
        public void warmUp() {
            decoding.run(rows::warmUp);
        }

        @Override
        public List<List<StepResult>> run(List<WindowStep> windows) {
            return decoding.run(() -> rows.run(windows));
        }

        @Override
        public void copyRow(int slot, int width, RowCopy copy) {
            rows.copyRow(slot, width, copy);
        }

        @Override
        public Alignment align(int slot, AlignmentTask task) {
            return decoding.run(() -> rows.align(slot, task));
        }

        @Override
        public void release(int slot) {
            rows.release(slot);
        }

        @Override
        public void close() {
            rows.close();
        }
    }
}
