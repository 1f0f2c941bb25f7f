package dev.parlo.server.metrics;

import java.time.Duration;
import java.util.Arrays;

/** Upper bounds of the histograms, the same for all of a kind so that they can be added up. */
final class Buckets {
    private Buckets() {}

    /** Of requests, loads and downloads: from a cached answer to an hour of audio. */
    static Duration[] work() {
        return seconds(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800);
    }

    /** Of what somebody waits for while nothing is heard. */
    static Duration[] waits() {
        return seconds(0.001, 0.005, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60);
    }

    /** Of one step of a decoder. */
    static Duration[] steps() {
        return seconds(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1);
    }

    /** Computing time by time of audio: below 1 is faster than it is heard. */
    static double[] factors() {
        return new double[] {0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 5};
    }

    /** Rows of a batch. */
    static double[] rows() {
        return new double[] {1, 2, 4, 8, 16, 32, 64, 128};
    }

    private static Duration[] seconds(double... bounds) {
        return Arrays.stream(bounds)
                .mapToObj(bound -> Duration.ofNanos(Math.round(bound * 1e9)))
                .toArray(Duration[]::new);
    }
}
