package dev.parlo.engine.vad;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * The layers of {@link NanoVad}: 672 → 48 → 24 → 1, rectified in between, a sigmoid at the end. The
 * normalisation of the inputs is part of the first layer's weights. Immutable.
 */
final class NanoNetwork {
    /** Windows that it sees: this one and the eleven before. */
    static final int CONTEXT = 12;

    private static final int INPUTS = CONTEXT * NanoFeatures.COUNT;
    private static final int[] OUTPUTS = {48, 24, 1};
    private static final String RESOURCE = "nano-vad.f32";

    /** Of each layer [outputs][inputs], and its biases. */
    private final float[][][] weights;

    private final float[][] biases;

    private NanoNetwork(FloatBuffer values) {
        weights = new float[OUTPUTS.length][][];
        biases = new float[OUTPUTS.length][];
        int inputs = INPUTS;
        for (int layer = 0; layer < OUTPUTS.length; layer++) {
            weights[layer] = new float[OUTPUTS[layer]][inputs];
            biases[layer] = new float[OUTPUTS[layer]];
            for (float[] row : weights[layer]) {
                values.get(row);
            }
            values.get(biases[layer]);
            inputs = OUTPUTS[layer];
        }
        if (values.hasRemaining()) {
            throw new IllegalStateException(
                    RESOURCE + " has " + values.remaining() + " numbers too many");
        }
    }

    static NanoNetwork load() {
        try (InputStream in = NanoNetwork.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing beside the classes");
            }
            return new NanoNetwork(
                    ByteBuffer.wrap(in.readAllBytes())
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asFloatBuffer());
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE + " cannot be read", e);
        }
    }

    /**
     * @param features [context × features], the oldest window first
     */
    float probability(float[] features) {
        float[] values = features;
        for (int layer = 0; layer < OUTPUTS.length; layer++) {
            boolean last = layer == OUTPUTS.length - 1;
            float[] next = new float[OUTPUTS[layer]];
            for (int i = 0; i < next.length; i++) {
                float sum = biases[layer][i] + dot(weights[layer][i], values);
                next[i] = last ? sum : Math.max(sum, 0);
            }
            values = next;
        }
        return (float) (1 / (1 + Math.exp(-values[0])));
    }

    private static float dot(float[] a, float[] b) {
        float sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
