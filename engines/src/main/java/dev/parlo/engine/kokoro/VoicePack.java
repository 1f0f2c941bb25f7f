package dev.parlo.engine.kokoro;

import dev.parlo.engine.EngineException;
import java.util.Arrays;

/**
 * One voice: a style vector of 256 numbers for each length of a text. Immutable.
 *
 * <p>Shape {@code [rows, 256]}; rows is 510 in version 1.0 and 511 before.
 */
final class VoicePack {
    static final int STYLE = 256;

    private final float[] values;

    /**
     * @throws EngineException of category BAD_MODEL when the values are not whole rows
     */
    VoicePack(float[] values) {
        if (values.length == 0 || values.length % STYLE != 0) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "A Kokoro voice has "
                            + values.length
                            + " numbers, which is not a multiple of 256.");
        }
        this.values = values;
    }

    int rows() {
        return values.length / STYLE;
    }

    /** The style for a text of {@code tokens} tokens, without the two pads. */
    float[] style(int tokens) {
        int row = Math.min(tokens, rows() - 1);
        return Arrays.copyOfRange(values, row * STYLE, (row + 1) * STYLE);
    }

    /** Adds another pack times a weight; rows that one of them lacks are left out. */
    VoicePack plus(VoicePack other, double weight) {
        float[] sum = Arrays.copyOf(values, Math.min(values.length, other.values.length));
        for (int i = 0; i < sum.length; i++) {
            sum[i] += (float) (weight * other.values[i]);
        }
        return new VoicePack(sum);
    }

    VoicePack times(double weight) {
        float[] scaled = new float[values.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (weight * values[i]);
        }
        return new VoicePack(scaled);
    }

    float[] values() {
        return values.clone();
    }
}
