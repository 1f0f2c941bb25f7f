package dev.parlo.engine.whisper.window;

import dev.parlo.engine.whisper.decode.Probe;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.StepResult.Probed;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.TokenMask;
import dev.parlo.engine.whisper.decode.WindowDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a long prompt in parts, a step each: as a whole it would hold up the windows beside it for
 * as long as some twenty steps take. Used by one thread.
 */
final class SplitPrefill implements WindowDecoder {
    private final WindowDecoder whole;
    private final IntSupplier most;
    private @Nullable StepRow prompt;
    private @Nullable Probed probed;
    private int fed;
    private int feeding;
    private boolean started;

    /**
     * @param most tokens of the next part
     */
    SplitPrefill(WindowDecoder whole, IntSupplier most) {
        this.whole = whole;
        this.most = most;
    }

    /** Tokens of the prompt that are still to be fed. */
    int promptTokensLeft() {
        if (started) {
            return 0;
        }
        StepRow row = prompt == null ? whole.nextRows().getFirst() : prompt;
        return row.tokens().length - fed;
    }

    @Override
    public int rows() {
        return whole.rows();
    }

    @Override
    public boolean isDone() {
        return whole.isDone();
    }

    @Override
    public List<StepRow> nextRows() {
        if (prompt == null) {
            List<StepRow> rows = whole.nextRows();
            if (started || rows.getFirst().tokens().length <= most.getAsInt()) {
                return rows;
            }
            prompt = rows.getFirst();
        }
        return List.of(part(prompt));
    }

    /** The next tokens; what is to be chosen after the prompt is asked with the last of them. */
    private StepRow part(StepRow row) {
        feeding = Math.min(most.getAsInt(), row.tokens().length - fed);
        int end = fed + feeding;
        int[] tokens = Arrays.copyOfRange(row.tokens(), fed, end);
        Probe here = here(row.probe(), end);
        int position = row.position() + fed;
        if (end < row.tokens().length) {
            return new StepRow(row.row(), position, tokens, TokenMask.NONE, 0, 0, 0, false, here);
        }
        return new StepRow(
                row.row(),
                position,
                tokens,
                row.mask(),
                row.firstTimestamp(),
                row.endTimestamp(),
                row.candidates(),
                row.rawLogits(),
                here);
    }

    private @Nullable Probe here(@Nullable Probe probe, int end) {
        return probe == null || probe.at() < fed || probe.at() >= end
                ? null
                : new Probe(probe.at() - fed, probe.ids());
    }

    @Override
    public List<RowCopy> accept(List<StepResult> results) {
        if (prompt == null) {
            started = true;
            return whole.accept(results);
        }
        StepResult result = results.getFirst();
        probed = result.probed() == null ? probed : result.probed();
        fed += feeding;
        if (fed < prompt.tokens().length) {
            return List.of();
        }
        prompt = null;
        started = true;
        return whole.accept(
                List.of(
                        new StepResult(
                                result.text(), result.timestamps(), result.logits(), probed)));
    }
}
