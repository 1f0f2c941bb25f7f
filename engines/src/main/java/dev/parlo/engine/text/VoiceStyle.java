package dev.parlo.engine.text;

/**
 * What a name of a speaker in a text stands for.
 *
 * @param voice a voice of the model
 * @param rate factor on the speed, above 0
 */
public record VoiceStyle(String voice, double rate) {
    /**
     * Checks the rate.
     *
     * @throws IllegalArgumentException when it is not above 0
     */
    public VoiceStyle {
        if (!(rate > 0)) {
            throw new IllegalArgumentException("rate " + rate);
        }
    }
}
