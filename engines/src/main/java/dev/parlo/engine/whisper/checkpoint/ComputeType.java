package dev.parlo.engine.whisper.checkpoint;

/** Number format that a model's weights are kept and multiplied in. */
public enum ComputeType {
    /** 32-bit floats throughout. */
    FLOAT32,
    /** 8-bit weights; activations quantised per row while multiplying, as CTranslate2's int8. */
    INT8;

    /** As written in settings and logs. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
