package dev.parlo.engine.audio;

/** The two logarithmic 8-bit codes of ITU-T G.711 for 16-bit samples. */
final class G711 {
    private static final int MULAW_BIAS = 0x84;
    private static final int MULAW_MAX = 32_635;

    private G711() {}

    static byte mulaw(short sample) {
        int sign = sample < 0 ? 0x80 : 0;
        int magnitude = Math.min(Math.abs((int) sample), MULAW_MAX) + MULAW_BIAS;
        int exponent = 24 - Integer.numberOfLeadingZeros(magnitude);
        int mantissa = (magnitude >> (exponent + 3)) & 0x0f;
        return (byte) ~(sign | exponent << 4 | mantissa);
    }

    static byte alaw(short sample) {
        // Negative values are one's complement, so that there are as many below as above zero.
        int sign = sample >= 0 ? 0x80 : 0;
        int magnitude = (sample >= 0 ? sample : ~sample) >> 3;
        int exponent = Math.max(0, 27 - Integer.numberOfLeadingZeros(magnitude));
        int mantissa = (exponent == 0 ? magnitude >> 1 : magnitude >> exponent) & 0x0f;
        return (byte) ((sign | exponent << 4 | mantissa) ^ 0x55);
    }

    static short fromMulaw(byte code) {
        int bits = ~code;
        int exponent = (bits >> 4) & 0x07;
        int magnitude = ((((bits & 0x0f) << 3) + MULAW_BIAS) << exponent) - MULAW_BIAS;
        return (short) ((bits & 0x80) != 0 ? -magnitude : magnitude);
    }

    static short fromAlaw(byte code) {
        int bits = code ^ 0x55;
        int exponent = (bits >> 4) & 0x07;
        int magnitude = ((bits & 0x0f) << 4) + 8;
        if (exponent > 0) {
            magnitude = (magnitude + 0x100) << (exponent - 1);
        }
        return (short) ((bits & 0x80) != 0 ? magnitude : -magnitude);
    }
}
