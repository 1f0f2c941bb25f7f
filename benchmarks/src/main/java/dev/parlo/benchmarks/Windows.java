package dev.parlo.benchmarks;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.audio.AudioSource;
import java.util.List;
import java.util.SplittableRandom;

/** Whole requests for one window of 30 seconds, of which every generated model says the same. */
final class Windows {
    private static final int SAMPLES = 30 * AudioSource.SAMPLE_RATE;

    private final float[] noise = new float[SAMPLES];

    Windows() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < SAMPLES; i++) {
            noise[i] = (float) (random.nextDouble() - 0.5) * 0.1f;
        }
    }

    /** One pass at temperature 0, without timestamps and thresholds. */
    static TranscribeOptions options(int beams) {
        return TranscribeOptions.builder()
                .language("en")
                .beamSize(beams)
                .temperatures(List.of(0.0))
                .compressionRatioThreshold(null)
                .logProbThreshold(null)
                .noSpeechThreshold(null)
                .conditionOnPreviousText(false)
                .suppressBlank(false)
                .suppressTokens(List.of())
                .withoutTimestamps(true)
                .build();
    }

    /**
     * Runs a request and counts its text tokens.
     *
     * @throws IllegalStateException where the engine said something else than the script
     */
    void transcribe(SpeechToText engine, TranscribeOptions options) {
        int[] tokens = new int[1];
        engine.transcribe(
                source(),
                options,
                segment -> {
                    for (int token : segment.tokens()) {
                        if (token < 50257) {
                            tokens[0]++;
                        }
                    }
                },
                new Cancellation());
        if (tokens[0] != Script.TOKENS) {
            throw new IllegalStateException(
                    engine.facts().runtime()
                            + " gave "
                            + tokens[0]
                            + " tokens instead of "
                            + Script.TOKENS);
        }
    }

    private AudioSource source() {
        return () ->
                new AudioSource.Reader() {
                    private int at;

                    @Override
                    public int read(float[] samples) {
                        int count = Math.min(samples.length, SAMPLES - at);
                        if (count == 0) {
                            return -1;
                        }
                        System.arraycopy(noise, at, samples, 0, count);
                        at += count;
                        return count;
                    }

                    @Override
                    public void close() {}
                };
    }
}
