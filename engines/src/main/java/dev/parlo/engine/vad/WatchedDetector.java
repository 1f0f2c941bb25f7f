package dev.parlo.engine.vad;

import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.engine.steps.StepLane;

/**
 * A detector whose runs are told, so that one which never ends is noticed. None is asked to end: it
 * takes a tenth of a millisecond.
 */
record WatchedDetector(VoiceActivityDetector detector, NativeSteps steps)
        implements VoiceActivityDetector {
    @Override
    public Pass open() {
        return new WatchedPass(detector.open(), steps.lane("voice activity", () -> {}));
    }

    @Override
    public EngineFacts facts() {
        return detector.facts();
    }

    @Override
    public void close() {
        detector.close();
    }

    private record WatchedPass(Pass pass, StepLane lane) implements Pass {
        @Override
        public float[] probabilities(float[] samples, int windows) {
            return lane.run(() -> pass.probabilities(samples, windows));
        }

        @Override
        public void close() {
            lane.close();
            pass.close();
        }
    }
}
