package dev.parlo.engine.audio;

/**
 * How much audio one request may bring. Both limits are enforced while reading, because the sizes
 * and durations that headers declare are the sender's claims. Immutable.
 *
 * @param maxBytes the largest file in bytes, at least 1
 * @param maxSeconds the longest audio in seconds, above 0; may be infinite
 */
public record AudioLimits(long maxBytes, double maxSeconds) {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException when a limit is outside of its range
     */
    public AudioLimits {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes is " + maxBytes + ", expected at least 1");
        }
        if (!(maxSeconds > 0)) {
            throw new IllegalArgumentException("maxSeconds is " + maxSeconds + ", expected > 0");
        }
    }

    /** {@return no limit but that of the disk} */
    public static AudioLimits unlimited() {
        return new AudioLimits(Long.MAX_VALUE, Double.POSITIVE_INFINITY);
    }

    /** The most samples at {@code sampleRate} that stay within {@code maxSeconds}. */
    long maxSamples(int sampleRate) {
        double samples = maxSeconds * sampleRate;
        return samples >= Long.MAX_VALUE ? Long.MAX_VALUE : (long) Math.floor(samples);
    }
}
