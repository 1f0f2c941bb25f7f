package dev.parlo.engine.vad;

import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.TimeMap;
import java.util.List;
import java.util.function.Supplier;

/**
 * Counts what is left out of the samples of some audio, while they are heard. The last gap that is
 * known may still grow. Not thread-safe.
 */
final class GapCount {
    private final Supplier<TimeMap> times;
    private int passed;

    /** Seconds of the last passed gap that were counted. */
    private double counted;

    GapCount(Supplier<TimeMap> times) {
        this.times = times;
    }

    /** Samples that were left out before this one and have not been counted yet. */
    long before(long sample) {
        List<TimeMap.Gap> gaps = times.get().gaps();
        double now = (double) sample / AudioSource.SAMPLE_RATE;
        double found = 0;
        if (passed > 0 && isBefore(gaps.get(passed - 1), now)) {
            found = gaps.get(passed - 1).leftOut() - counted;
            counted += found;
        }
        while (passed < gaps.size() && isBefore(gaps.get(passed), now)) {
            counted = gaps.get(passed).leftOut();
            found += counted;
            passed++;
        }
        return Math.round(found * AudioSource.SAMPLE_RATE);
    }

    private static boolean isBefore(TimeMap.Gap gap, double time) {
        return gap.at() + gap.pause() <= time;
    }
}
