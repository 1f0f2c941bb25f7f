package dev.parlo.engine.whisper.graph;

import dev.parlo.engine.whisper.checkpoint.WeightFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The weights of graphs that run on a device. They are inputs of the graphs and not parts of them,
 * so that all sessions read the one copy that lies in the device's memory. A weight that several
 * graphs have is written once.
 */
final class DeviceWeights {
    private final WeightFile file;
    private final ElementType type;
    private final Map<String, DeviceModel.Weight> written = new LinkedHashMap<>();

    /**
     * @param type FLOAT or FLOAT16, of all weights
     */
    DeviceWeights(WeightFile file, ElementType type) {
        this.file = file;
        this.type = type;
    }

    ElementType type() {
        return type;
    }

    /** All that were written, in the file's order. */
    List<DeviceModel.Weight> all() {
        return new ArrayList<>(written.values());
    }

    /** Values under a name of the checkpoint. */
    String floats(GraphBuilder graph, String name, float[] values, long... dims) {
        return weight(graph, name, dims, into -> into.accept(values));
    }

    /** {@code [out, in]}, as the checkpoint has it. */
    String matrix(GraphBuilder graph, Matrix matrix) {
        String name = matrix.variable().name();
        if (matrix.rows() != matrix.variable().rows()) {
            name += "[" + matrix.firstRow() + "+" + matrix.rows() + "]";
        }
        long[] dims = {matrix.rows(), matrix.columns()};
        return weight(graph, name, dims, matrix::forEachRow);
    }

    /**
     * The token embeddings with both zones of the vocabulary filled up to whole chunks by rows of
     * zeros.
     */
    String embeddings(GraphBuilder graph, Matrix matrix, VocabularyChunks chunks) {
        long[] dims = {chunks.width(), matrix.columns()};
        return weight(
                graph,
                matrix.variable().name() + " in chunks",
                dims,
                into -> {
                    float[] none = new float[matrix.columns()];
                    int text = chunks.firstTimestamp();
                    matrix.slice(0, text).forEachRow(into);
                    for (int i = text; i < chunks.textWidth(); i++) {
                        into.accept(none);
                    }
                    matrix.slice(text, chunks.timestamps()).forEachRow(into);
                    for (int i = chunks.textWidth() + chunks.timestamps();
                            i < chunks.width();
                            i++) {
                        into.accept(none);
                    }
                });
    }

    private String weight(
            GraphBuilder graph, String name, long[] dims, Consumer<Consumer<float[]>> content) {
        if (!written.containsKey(name)) {
            long start = file.begin();
            content.accept(type == ElementType.FLOAT16 ? file::appendHalves : file::append);
            file.end(start);
            written.put(name, new DeviceModel.Weight(name, start, dims));
        }
        return graph.input(name, type, Arrays.stream(dims).boxed().toArray());
    }
}
