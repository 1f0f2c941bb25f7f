package dev.parlo.engine.text;

/**
 * How a part of a text is spoken, where the text itself says so.
 *
 * @param voice as the text names it, or empty for the request's own
 * @param rate factor on the request's speed, above 0
 * @param volume factor on the request's volume; 0 is silence
 */
public record Manner(String voice, double rate, double volume) {
    /** As the request has it. */
    public static final Manner NORMAL = new Manner("", 1, 1);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException when a factor is outside of its range
     */
    public Manner {
        if (!(rate > 0) || !(volume >= 0)) {
            throw new IllegalArgumentException("rate " + rate + ", volume " + volume);
        }
    }

    /** Another voice, at the same rate and volume. */
    Manner withVoice(String value) {
        return new Manner(value, rate, volume);
    }
}
