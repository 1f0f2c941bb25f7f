package dev.parlo.engine.vad;

/** One pass of {@link NanoVad}: the features of the last twelve windows. */
final class NanoPass implements VoiceActivityDetector.Pass {
    private static final int WINDOW = VoiceActivityDetector.WINDOW;

    private final NanoNetwork network;
    private final NanoFeatures features = new NanoFeatures();

    /** [context × features], the oldest first. */
    private final float[] context = new float[NanoNetwork.CONTEXT * NanoFeatures.COUNT];

    private boolean begun;

    NanoPass(NanoNetwork network) {
        this.network = network;
    }

    @Override
    public float[] probabilities(float[] samples, int windows) {
        float[] probabilities = new float[windows];
        for (int i = 0; i < windows; i++) {
            append(features.of(samples, i * WINDOW));
            probabilities[i] = network.probability(context);
        }
        return probabilities;
    }

    /** Before the first window it counts as having been there all along. */
    private void append(float[] next) {
        int kept = context.length - next.length;
        if (begun) {
            System.arraycopy(context, next.length, context, 0, kept);
        } else {
            for (int at = 0; at < kept; at += next.length) {
                System.arraycopy(next, 0, context, at, next.length);
            }
            begun = true;
        }
        System.arraycopy(next, 0, context, kept, next.length);
    }

    @Override
    public void close() {
        // Nothing outside the Java heap.
    }
}
