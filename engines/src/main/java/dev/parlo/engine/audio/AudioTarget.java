package dev.parlo.engine.audio;

import java.util.OptionalInt;

/**
 * What a stream of speech is written as.
 *
 * @param format container and codec
 * @param sampleRate samples per second wanted, 8000 to 48000; {@link AudioFormat#sampleRate} says
 *     which one it will be
 * @param bitRate bits per second wanted of MP3, Opus and AAC, {@value #LOWEST_BIT_RATE} to {@value
 *     #HIGHEST_BIT_RATE}, which take the nearest one that they have; empty for what is usual for
 *     speech. The other formats have no choice.
 */
public record AudioTarget(AudioFormat format, int sampleRate, OptionalInt bitRate) {
    /** The lowest that any of the codecs has, in bits per second. */
    public static final int LOWEST_BIT_RATE = 8_000;

    /** The highest that any of the codecs has, in bits per second. */
    public static final int HIGHEST_BIT_RATE = 320_000;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException when a rate is outside of its range
     */
    public AudioTarget {
        if (sampleRate < 8_000 || sampleRate > 48_000) {
            throw new IllegalArgumentException(
                    "sampleRate is " + sampleRate + " Hz, accepted are 8000 to 48000 Hz");
        }
        if (bitRate.isPresent()
                && (bitRate.getAsInt() < LOWEST_BIT_RATE
                        || bitRate.getAsInt() > HIGHEST_BIT_RATE)) {
            throw new IllegalArgumentException(
                    "bitRate is "
                            + bitRate.getAsInt()
                            + ", accepted are "
                            + LOWEST_BIT_RATE
                            + " to "
                            + HIGHEST_BIT_RATE);
        }
    }

    /**
     * {@return a target at the usual bit rate}
     *
     * @param format container and codec
     * @param sampleRate samples per second wanted, 8000 to 48000
     */
    public static AudioTarget of(AudioFormat format, int sampleRate) {
        return new AudioTarget(format, sampleRate, OptionalInt.empty());
    }

    /** Samples per second that are really written. */
    int writtenRate() {
        return format.sampleRate(sampleRate);
    }

    /**
     * Bits per second that the codec is asked for. Speech in mono: 64000 are enough where half of
     * the band is all there is, and for Opus always. MP3 has a table of its own for each family of
     * sample rates, of which LAME takes the nearest.
     */
    int writtenBitRate() {
        int wanted = bitRate.orElse(writtenRate() >= 32_000 && !opus() ? 128_000 : 64_000);
        return opus() ? Math.min(wanted, 256_000) : wanted;
    }

    private boolean opus() {
        return format == AudioFormat.OPUS || format == AudioFormat.WEBM;
    }
}
