package dev.parlo.engine.whisper.cuda;

import dev.parlo.engine.cuda.GpuStream;
import dev.parlo.engine.onnx.capi.ElementType;
import dev.parlo.engine.onnx.capi.RunOptions;
import dev.parlo.engine.whisper.checkpoint.WhisperConfig.AlignmentHead;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.graph.GraphNames;
import dev.parlo.engine.whisper.graph.VocabularyChunks;
import dev.parlo.engine.whisper.network.Alignment;
import dev.parlo.engine.whisper.network.AlignmentTask;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The graph of alignments: a session of its own on the network's weights and the decoder's stream.
 */
final class Aligner implements AutoCloseable {
    private final CudaNetwork network;
    private final CrossSlots cross;
    private final GpuStream stream;
    private final List<AlignmentHead> heads;
    private final Map<Integer, Integer> headsOfLayers = new TreeMap<>();
    private final DeviceGraph graph;
    private final RunOptions options;

    Aligner(CudaNetwork network, CrossSlots cross, GpuStream stream) {
        this.network = network;
        this.cross = cross;
        this.stream = stream;
        heads = network.config().alignmentHeads(network.shape());
        heads.forEach(head -> headsOfLayers.merge(head.layer(), 1, Integer::sum));
        graph = new DeviceGraph(network, network.model().alignment(), stream, false);
        options = network.gpu().eager();
    }

    /**
     * @param row of the pool, which is overwritten
     */
    Alignment align(int slot, RowPool pool, int row, AlignmentTask task) {
        int length = task.tokens().length;
        int text = task.textLength();
        long tokensAt = 0;
        long positionsAt = IoBlock.aligned(tokensAt + (long) length * Integer.BYTES);
        long lengthAt = IoBlock.aligned(positionsAt + (long) length * Integer.BYTES);
        long firstAt = IoBlock.aligned(lengthAt + Integer.BYTES); // stays 0
        long selectAt = IoBlock.aligned(firstAt + Long.BYTES);
        long askedAt = IoBlock.aligned(selectAt + (long) text * Long.BYTES);
        long readAt = IoBlock.aligned(askedAt + (long) text * Integer.BYTES);
        long scoresAt = IoBlock.aligned(readAt + (long) text * Float.BYTES);
        long headBytes = (long) length * WhisperShape.AUDIO_POSITIONS * Float.BYTES;
        StepShape shape = StepShape.ofRow(slot, row, length, text, 1, 1);
        try (IoBlock block = new IoBlock(network.gpu(), scoresAt + heads.size() * headBytes);
                DecoderBinding binding =
                        new DecoderBinding(network, graph, cross, pool, shape, length)) {
            VocabularyChunks chunks = VocabularyChunks.of(network.shape());
            for (int i = 0; i < length; i++) {
                integer(block, tokensAt, i, chunks.place(task.tokens()[i]));
                integer(block, positionsAt, i, i);
            }
            integer(block, lengthAt, 0, length - 1);
            block.host(firstAt, Long.BYTES).set(ValueLayout.JAVA_LONG, 0, 0);
            for (int i = 0; i < text; i++) {
                // A token is chosen after the one before it.
                block.host(selectAt + (long) i * Long.BYTES, Long.BYTES)
                        .set(ValueLayout.JAVA_LONG, 0, task.textStart() + i - 1L);
                integer(block, askedAt, i, chunks.place(task.tokens()[task.textStart() + i]));
            }
            ElementType int32 = ElementType.INT32;
            binding.input(GraphNames.TOKENS, block.tensor(tokensAt, int32, length));
            binding.input(GraphNames.POSITIONS, block.tensor(positionsAt, int32, length));
            if (graph.reads(GraphNames.LENGTHS)) {
                binding.input(GraphNames.LENGTHS, block.tensor(lengthAt, int32, 1));
            }
            if (graph.reads(GraphNames.FIRST)) {
                binding.input(GraphNames.FIRST, block.tensor(firstAt, ElementType.INT64, 1));
            }
            binding.input(GraphNames.SELECT, block.tensor(selectAt, ElementType.INT64, text));
            binding.input(GraphNames.ASKED_IDS, block.tensor(askedAt, int32, text, 1));
            binding.longs(GraphNames.TEXT_END, text, task.textIds());
            binding.output(
                    GraphNames.LOG_PROBABILITIES, block.tensor(readAt, ElementType.FLOAT, text, 1));
            long at = scoresAt;
            for (Map.Entry<Integer, Integer> layer : headsOfLayers.entrySet()) {
                binding.output(
                        GraphNames.scores(layer.getKey()),
                        block.tensor(
                                at,
                                ElementType.FLOAT,
                                layer.getValue(),
                                length,
                                WhisperShape.AUDIO_POSITIONS));
                at += layer.getValue() * headBytes;
            }
            block.upload(stream, 0, readAt);
            graph.run(binding.binding(), options);
            block.download(stream, readAt, at - readAt);
            stream.synchronize();
            return new Alignment(
                    heads.size(),
                    scores(block.host(scoresAt, at - scoresAt), length),
                    floats(block.host(readAt, (long) text * Float.BYTES)));
        }
    }

    /** From the order of the layers, heads within each as listed, to the order of the list. */
    private float[] scores(MemorySegment byLayer, int length) {
        int values = length * WhisperShape.AUDIO_POSITIONS;
        Map<Integer, Integer> next = new TreeMap<>();
        int before = 0;
        for (Map.Entry<Integer, Integer> layer : headsOfLayers.entrySet()) {
            next.put(layer.getKey(), before);
            before += layer.getValue();
        }
        float[] scores = new float[heads.size() * values];
        for (int h = 0; h < heads.size(); h++) {
            int from = next.merge(heads.get(h).layer(), 1, Integer::sum) - 1;
            MemorySegment.copy(
                    byLayer,
                    ValueLayout.JAVA_FLOAT,
                    (long) from * values * Float.BYTES,
                    scores,
                    h * values,
                    values);
        }
        return scores;
    }

    private static float[] floats(MemorySegment values) {
        return values.toArray(ValueLayout.JAVA_FLOAT);
    }

    private static void integer(IoBlock block, long array, int index, int value) {
        block.host(array + (long) index * Integer.BYTES, Integer.BYTES)
                .set(ValueLayout.JAVA_INT, 0, value);
    }

    /** As {@link DeviceGraph#nodes}. */
    Map<String, Integer> nodes() {
        return graph.nodes();
    }

    @Override
    public void close() {
        options.close();
        graph.close();
    }
}
