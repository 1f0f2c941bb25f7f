package dev.parlo.server.vad;

import dev.parlo.engine.vad.VadOptions;
import org.jspecify.annotations.Nullable;

/**
 * Those of faster-whisper's {@code VadOptions} that a request gives; null where it does not. Which
 * value the others have depends on what they are for. Filled by {@link VadParameterOptions}; one
 * thread.
 */
public final class VadParameters {
    @Nullable Double threshold;
    @Nullable Double negThreshold;
    @Nullable Integer minSpeechDurationMs;
    @Nullable Double maxSpeechDurationS;
    @Nullable Integer minSilenceDurationMs;
    @Nullable Integer speechPadMs;

    /** The given ones, and {@code base} for the others. */
    public VadOptions over(VadOptions base) {
        return new VadOptions(
                threshold == null ? base.threshold() : threshold,
                negThreshold == null ? base.negThreshold() : negThreshold,
                minSpeechDurationMs == null ? base.minSpeechDurationMs() : minSpeechDurationMs,
                maxSpeechDurationS == null ? base.maxSpeechDurationS() : maxSpeechDurationS,
                minSilenceDurationMs == null ? base.minSilenceDurationMs() : minSilenceDurationMs,
                speechPadMs == null ? base.speechPadMs() : speechPadMs);
    }
}
