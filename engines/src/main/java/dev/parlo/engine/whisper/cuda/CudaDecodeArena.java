package dev.parlo.engine.whisper.cuda;

import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.Resources;
import dev.parlo.engine.whisper.network.WindowEncoder;
import java.util.Map;
import java.util.TreeMap;

/**
 * Slots and rows on the device, and the graphs that work on them. All memory is there from the
 * start, because recordings keep its addresses.
 */
final class CudaDecodeArena implements DecodeArena {
    private final Resources resources = new Resources();
    private final CrossSlots cross;
    private final CudaEncoder encoder;
    private final CudaDecoderStep step;
    private final Map<String, Integer> nodes;

    CudaDecodeArena(CudaNetwork network, int slots) {
        try {
            cross = new CrossSlots(network.gpu(), network.shape(), network.elementType(), slots);
            resources.add(cross, cross::close);
            step = new CudaDecoderStep(network, cross, slots);
            resources.add(step, step::close);
            encoder = new CudaEncoder(network, cross, slots);
            resources.add(encoder, encoder::close);
            nodes = new TreeMap<>(step.nodes());
            encoder.nodes()
                    .forEach((provider, count) -> nodes.merge(provider, count, Integer::sum));
        } catch (RuntimeException | Error e) {
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
        return cross.bytes() + step.bytes();
    }

    @Override
    public Map<String, Integer> nodes() {
        return nodes;
    }

    /** Keeps it all: memory that steps are recorded with cannot be given back. */
    @Override
    public void trim() {}

    @Override
    public void close() {
        resources.close();
    }
}
