package dev.parlo.engine.audio;

import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Refuses frames that no converter can make sense of. Not thread-safe. */
final class FrameCheck {
    private static final int LOWEST_RATE = 1_000;
    private static final int HIGHEST_RATE = 768_000;

    private final NotANumber notANumber = new NotANumber();

    /**
     * @throws dev.parlo.engine.EngineException BAD_AUDIO
     */
    void check(AVFrame frame) {
        int rate = frame.sample_rate();
        if (rate < LOWEST_RATE || rate > HIGHEST_RATE) {
            throw AudioFailure.broken(
                    "Its sample rate is "
                            + rate
                            + " Hz, accepted are "
                            + LOWEST_RATE
                            + " to "
                            + HIGHEST_RATE
                            + " Hz.");
        }
        if (frame.nb_samples() > 0 && notANumber.in(frame)) {
            throw AudioFailure.broken(
                    "Its samples hold values that are not finite numbers (NaN or infinity).");
        }
    }
}
