package dev.parlo.engine.whisper.graph;

import ai.onnxruntime.OrtException;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.whisper.checkpoint.WhisperConfig;
import dev.parlo.engine.whisper.decode.DecoderStep;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.TokenMask;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A decoder step on ONNX Runtime's CPU kernels. Rows of one token run together, whatever windows
 * they belong to; a prefill runs by itself. Cache rows are consecutive, row {@code w·rowsPerWindow
 * + r}; a run over several windows takes all rows from the first window's to the last's, and those
 * that nobody asked for write where nobody reads. Not thread-safe.
 */
final class OrtDecoderStep implements DecoderStep {
    private final WhisperModel model;
    private final KeyValueCaches caches;
    private final int windows;
    private final int rowsPerWindow;
    private final MaskTable masks;

    /** The tokens that each cache row holds. */
    private final CachedTokens[] held;

    OrtDecoderStep(WhisperModel model, KeyValueCaches caches, int windows, int rowsPerWindow) {
        this.model = model;
        this.caches = caches;
        this.windows = windows;
        this.rowsPerWindow = rowsPerWindow;
        this.held = new CachedTokens[windows * rowsPerWindow];
        Arrays.setAll(held, i -> new CachedTokens());
        try {
            this.masks =
                    new MaskTable(
                            model.environment(),
                            Math.max(16, windows * rowsPerWindow + 8),
                            model.shape().firstTimestamp());
        } catch (OrtException e) {
            throw failure(e);
        }
    }

    @Override
    public int windows() {
        return windows;
    }

    @Override
    public int rowsPerWindow() {
        return rowsPerWindow;
    }

    @Override
    public int positions() {
        return model.shape().textPositions();
    }

    @Override
    public int vocabularySize() {
        return model.shape().vocabularySize();
    }

    /** A window has new audio: nothing that its rows hold is worth anything. */
    void forget(int window) {
        for (int row = 0; row < rowsPerWindow; row++) {
            held[window * rowsPerWindow + row].truncate(0);
        }
    }

    @Override
    public List<StepResult> run(List<StepRow> rows) {
        List<Integer> single = new ArrayList<>();
        StepResult[] results = new StepResult[rows.size()];
        for (int i = 0; i < rows.size(); i++) {
            StepRow row = rows.get(i);
            check(row);
            if (row.tokens().length == 1) {
                single.add(i);
            } else {
                int index = cacheRow(row.window(), row.row());
                results[i] =
                        execute(
                                        new StepPlan(
                                                row.window(), 1, index, 1, row.tokens().length),
                                        List.of(row))
                                .getFirst();
            }
        }
        if (!single.isEmpty()) {
            List<StepRow> together = single.stream().map(rows::get).toList();
            List<StepResult> found = execute(planFor(together), together);
            for (int i = 0; i < found.size(); i++) {
                results[single.get(i)] = found.get(i);
            }
        }
        return Arrays.asList(results);
    }

    private StepPlan planFor(List<StepRow> rows) {
        int firstWindow = Integer.MAX_VALUE;
        int lastWindow = 0;
        int firstRow = Integer.MAX_VALUE;
        int lastRow = 0;
        for (StepRow row : rows) {
            firstWindow = Math.min(firstWindow, row.window());
            lastWindow = Math.max(lastWindow, row.window());
            firstRow = Math.min(firstRow, row.row());
            lastRow = Math.max(lastRow, row.row());
        }
        if (firstWindow == lastWindow) {
            int first = cacheRow(firstWindow, firstRow);
            return new StepPlan(firstWindow, 1, first, lastRow - firstRow + 1, 1);
        }
        int count = lastWindow - firstWindow + 1;
        return new StepPlan(firstWindow, count, cacheRow(firstWindow, 0), count * rowsPerWindow, 1);
    }

    private List<StepResult> execute(StepPlan plan, List<StepRow> rows) {
        Readout readout = Readout.of(rows, plan, this::cacheRow);
        try (StepInputs inputs = new StepInputs(model, caches, plan)) {
            feed(inputs, plan, rows);
            inputs.readout(readout, masks);
            List<StepResult> results = inputs.run(readout);
            for (StepRow row : rows) {
                held[cacheRow(row.window(), row.row())].write(row.position(), row.tokens());
            }
            return results;
        } catch (OrtException e) {
            throw failure(e);
        }
    }

    /**
     * Embeds the tokens of all rows; an idle row gets some token at the first position that it does
     * not hold.
     */
    private void feed(StepInputs inputs, StepPlan plan, List<StepRow> rows) throws OrtException {
        FloatBuffer x = inputs.embeddings();
        int[] lengths = new int[plan.rows()];
        float[] embedded = new float[model.shape().width()];
        for (int r = 0; r < plan.rows(); r++) {
            StepRow row = find(rows, plan.firstRow() + r);
            int position = row == null ? held[plan.firstRow() + r].length() : row.position();
            lengths[r] = position + plan.tokensPerRow() - 1;
            for (int t = 0; t < plan.tokensPerRow(); t++) {
                model.embeddings().embed(row == null ? 0 : row.tokens()[t], position + t, embedded);
                x.put(embedded);
            }
        }
        inputs.tokens(x.flip(), lengths);
    }

    private @org.jspecify.annotations.Nullable StepRow find(List<StepRow> rows, int cacheRow) {
        for (StepRow row : rows) {
            if (cacheRow(row.window(), row.row()) == cacheRow) {
                return row;
            }
        }
        return null;
    }

    private int cacheRow(int window, int row) {
        return window * rowsPerWindow + row;
    }

    private void check(StepRow row) {
        if (row.window() < 0
                || row.window() >= windows
                || row.row() < 0
                || row.row() >= rowsPerWindow) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "window %d row %d; there are %d × %d",
                            row.window(),
                            row.row(),
                            windows,
                            rowsPerWindow));
        }
        int end = row.position() + row.tokens().length;
        boolean misplaced = row.tokens().length != 1 && row.position() != 0;
        if (row.tokens().length == 0 || misplaced || row.position() < 0 || end > positions()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "%d tokens at position %d; several fit only at 0, and none past %d",
                            row.tokens().length,
                            row.position(),
                            positions()));
        }
        if (row.position() > held[cacheRow(row.window(), row.row())].length()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "position %d of a row that holds %d tokens",
                            row.position(),
                            held[cacheRow(row.window(), row.row())].length()));
        }
    }

    /**
     * Rows that descend from one hypothesis hold the same up to where they parted; only the rest is
     * copied.
     */
    @Override
    public void copyRow(int window, int fromRow, int toRow, int length) {
        int from = cacheRow(window, fromRow);
        int to = cacheRow(window, toRow);
        int same = held[from].commonPrefix(held[to], length);
        caches.copyRow(from, to, same, length);
        held[to].copy(held[from], length);
    }

    @Override
    public Alignment align(int window, int[] tokens) {
        int[] everywhere = new int[tokens.length];
        Arrays.setAll(everywhere, i -> i);
        StepRow row = new StepRow(window, 0, 0, tokens, TokenMask.NONE, 0, 0, 0, everywhere);
        check(row);
        List<WhisperConfig.AlignmentHead> heads = model.config().alignmentHeads(model.shape());
        StepPlan plan = new StepPlan(window, 1, cacheRow(window, 0), 1, tokens.length);
        try (StepInputs inputs = new StepInputs(model, caches, plan)) {
            feed(inputs, plan, List.of(row));
            inputs.readout(Readout.of(List.of(row), plan, this::cacheRow), masks);
            Alignment alignment = inputs.align(heads, tokens.length);
            held[cacheRow(window, 0)].truncate(0);
            return alignment;
        } catch (OrtException e) {
            throw failure(e);
        }
    }

    @Override
    public void close() {
        masks.close();
    }

    private static EngineException failure(OrtException e) {
        return new EngineException(
                EngineException.Category.INTERNAL, "A decoder step failed: " + e.getMessage(), e);
    }
}
