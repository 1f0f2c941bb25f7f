package dev.parlo.engine.audio;

/** What becomes of a file's channels, of which a source has one. */
sealed interface ChannelMix {
    /** All together, at the weights that their places have. */
    record All() implements ChannelMix {}

    /**
     * One of them; where there is only one, that.
     *
     * @param channel from 0
     */
    record Only(int channel) implements ChannelMix {}
}
