package dev.parlo.engine.vad;

import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Placement;

/** Takes the largest magnitude of a window for the probability of speech. */
public final class LoudnessDetector implements VoiceActivityDetector {
    @Override
    public Pass open() {
        return new Pass() {
            @Override
            public float[] probabilities(float[] samples, int windows) {
                float[] probabilities = new float[windows];
                for (int i = 0; i < windows * WINDOW; i++) {
                    probabilities[i / WINDOW] =
                            Math.max(probabilities[i / WINDOW], Math.abs(samples[i]));
                }
                return probabilities;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public EngineFacts facts() {
        return new EngineFacts(Placement.Cpu.threads(1), ComputeType.FLOAT32, "test", 0);
    }

    @Override
    public void close() {}
}
