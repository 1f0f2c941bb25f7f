package dev.parlo.engine;

import java.util.Locale;

/** Number format in which an engine keeps and multiplies its weights. */
public enum ComputeType {
    /** There are no weights: espeak-ng synthesises by rules. */
    NONE,
    /** 32-bit floats throughout. */
    FLOAT32,
    /** 16-bit floats (IEEE half precision). */
    FLOAT16,
    /** 8-bit weights; activations quantised while multiplying, as CTranslate2's int8. */
    INT8,
    /** GGML: 4 bits in blocks of 32 with a scale. */
    Q4_0,
    /** GGML: 4 bits in blocks of 32 with a scale and a minimum. */
    Q4_1,
    /** GGML: 5 bits in blocks of 32 with a scale. */
    Q5_0,
    /** GGML: 5 bits in blocks of 32 with a scale and a minimum. */
    Q5_1,
    /** GGML: 8 bits in blocks of 32 with a scale. */
    Q8_0,
    /** GGML: 2 bits in blocks of 256 with scales and minima of their parts. */
    Q2_K,
    /** GGML: 3 bits in blocks of 256 with scales of their parts. */
    Q3_K,
    /** GGML: 4 bits in blocks of 256 with scales and minima of their parts. */
    Q4_K,
    /** GGML: 5 bits in blocks of 256 with scales and minima of their parts. */
    Q5_K,
    /** GGML: 6 bits in blocks of 256 with scales of their parts. */
    Q6_K;

    /** {@return the name in lower case, as written in settings, logs and answers} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
