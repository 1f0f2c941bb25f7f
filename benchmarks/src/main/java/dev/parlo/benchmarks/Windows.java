package dev.parlo.benchmarks;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.audio.AudioSource;
import java.util.List;
import java.util.SplittableRandom;

/** Whole requests for one window of audio, of which every generated model says the same. */
public final class Windows {
    private final float[] noise;

    /** Windows of 30 seconds. */
    public Windows() {
        this(30);
    }

    Windows(int seconds) {
        noise = new float[seconds * AudioSource.SAMPLE_RATE];
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) (random.nextDouble() - 0.5) * 0.1f;
        }
    }

    /** One pass at temperature 0, without timestamps and thresholds. */
    public static TranscribeOptions options(int beams) {
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
        // Answers are no longer than half of prompt and new tokens together, as CTranslate2 has it.
        Integer most = options.maxNewTokens();
        int expected = most == null ? Script.TOKENS : (Script.PROMPT.length + most) / 2;
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
        if (tokens[0] != expected) {
            throw new IllegalStateException(
                    engine.facts().runtime()
                            + " gave "
                            + tokens[0]
                            + " tokens instead of "
                            + expected);
        }
    }

    AudioSource source() {
        return source(noise.length);
    }

    /** The noise over and over, for as many samples. */
    public AudioSource source(long length) {
        return () ->
                new AudioSource.Reader() {
                    private long at;

                    @Override
                    public int read(float[] samples) {
                        int from = (int) (at % noise.length);
                        int rest = Math.min(samples.length, noise.length - from);
                        int count = (int) Math.min(rest, length - at);
                        if (count == 0) {
                            return -1;
                        }
                        System.arraycopy(noise, from, samples, 0, count);
                        at += count;
                        return count;
                    }

                    @Override
                    public void close() {}
                };
    }
}
