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
    // GGML's blocks of 32 or 256 numbers with shared scales, by GGML's names.
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q2_K,
    Q3_K,
    Q4_K,
    Q5_K,
    Q6_K;

    /** As written in settings, logs and answers. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
