package dev.parlo.engine.whisper.window;

import dev.parlo.engine.whisper.decode.DecodedWindow;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.WindowSearch;
import java.util.List;

/** A search whose rules have a fault. */
record BrokenSearch() implements WindowSearch {
    @Override
    public int rows() {
        return 1;
    }

    @Override
    public boolean isDone() {
        return false;
    }

    @Override
    public List<StepRow> nextRows() {
        throw new IllegalStateException("a broken search");
    }

    @Override
    public List<RowCopy> accept(List<StepResult> results) {
        return List.of();
    }

    @Override
    public DecodedWindow result() {
        throw new IllegalStateException("no result");
    }
}
