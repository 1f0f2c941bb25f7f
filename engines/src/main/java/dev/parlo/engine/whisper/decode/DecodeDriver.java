package dev.parlo.engine.whisper.decode;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.whisper.decode.WindowDecoder.RowCopy;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs windows side by side: each turn is one step over the rows of all that are not done. Used by
 * the one thread that owns the step.
 */
public final class DecodeDriver {
    private final DecoderStep step;

    public DecodeDriver(DecoderStep step) {
        this.step = step;
    }

    /**
     * Runs until every decoder is done.
     *
     * @throws dev.parlo.engine.EngineException CANCELLED, at the latest one step after the
     *     cancellation
     */
    public void run(List<? extends WindowDecoder> decoders, Cancellation cancellation) {
        List<WindowDecoder> active = new ArrayList<>(decoders);
        active.removeIf(WindowDecoder::isDone);
        while (!active.isEmpty()) {
            cancellation.check();
            List<StepRow> rows = new ArrayList<>();
            int[] ends = new int[active.size()];
            for (int i = 0; i < ends.length; i++) {
                rows.addAll(active.get(i).nextRows());
                ends[i] = rows.size();
            }
            List<StepResult> results = step.run(rows);
            for (int i = 0; i < ends.length; i++) {
                int from = i == 0 ? 0 : ends[i - 1];
                for (RowCopy copy : active.get(i).accept(results.subList(from, ends[i]))) {
                    step.copyRow(copy.window(), copy.from(), copy.to(), copy.length());
                }
            }
            active.removeIf(WindowDecoder::isDone);
        }
    }
}
