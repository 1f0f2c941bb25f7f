package dev.parlo.engine.vad;

import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Placement;

/**
 * The built-in detector: a network of 34,000 weights over hand-made features, trained on Silero's
 * judgement of synthetic voices in noise and among tones ({@code training/vad}). It computes in
 * Java, on the thread that asks. Thread-safe.
 */
public final class NanoVad implements VoiceActivityDetector {
    private final NanoNetwork network = NanoNetwork.load();

    /** Reads the weights, which are in the jar. */
    public NanoVad() {}

    @Override
    public Pass open() {
        return new NanoPass(network);
    }

    @Override
    public EngineFacts facts() {
        return new EngineFacts(Placement.Cpu.threads(1), ComputeType.FLOAT32, "Parlo", 0);
    }

    @Override
    public void close() {
        // Nothing outside the Java heap.
    }
}
