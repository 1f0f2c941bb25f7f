package dev.parlo.engine.vad;

import dev.parlo.engine.EngineException;
import java.util.List;
import java.util.Set;

/**
 * The published forms of Silero's network, told apart by the names of their inputs.
 *
 * <ul>
 *   <li>v4: {@code input} [1, 512], {@code sr}, {@code h} and {@code c} [2, 1, 64]
 *   <li>v5, v6: {@code input} [1, 64 + 512], {@code sr}, {@code state} [2, 1, 128]
 *   <li>faster-whisper's: {@code input} [windows, 64 + 512], {@code h} and {@code c} [1, 1, 128],
 *       all windows of a run at once
 * </ul>
 */
enum SileroInterface {
    V4(0, 1, List.of("h", "c"), new long[] {2, 1, 64}, true),
    V5(64, 1, List.of("state"), new long[] {2, 1, 128}, true),
    BATCHED(64, 1024, List.of("h", "c"), new long[] {1, 1, 128}, false);

    /** Samples of the window before that the network sees beside a window. */
    final int context;

    /** The most windows of one run. */
    final int windows;

    /** The inputs that carry what it remembers; the outputs after the first have it afterwards. */
    final List<String> states;

    private final long[] stateShape;
    private final boolean takesRate;

    SileroInterface(
            int context, int windows, List<String> states, long[] stateShape, boolean takesRate) {
        this.context = context;
        this.windows = windows;
        this.states = states;
        this.stateShape = stateShape;
        this.takesRate = takesRate;
    }

    /**
     * @throws EngineException of category BAD_MODEL when the inputs are of none
     */
    static SileroInterface of(Set<String> inputs) {
        if (inputs.equals(Set.of("input", "sr", "h", "c"))) {
            return V4;
        }
        if (inputs.equals(Set.of("input", "sr", "state"))) {
            return V5;
        }
        if (inputs.equals(Set.of("input", "h", "c"))) {
            return BATCHED;
        }
        throw new EngineException(
                EngineException.Category.BAD_MODEL,
                "The file has the inputs "
                        + inputs.stream().sorted().toList()
                        + "; a Silero VAD model has input with sr, h, c (v4), with sr, state (v5, v6)"
                        + " or with h, c (faster-whisper).");
    }

    long[] stateShape() {
        return stateShape.clone();
    }

    int stateSize() {
        return (int) (stateShape[0] * stateShape[1] * stateShape[2]);
    }

    boolean takesRate() {
        return takesRate;
    }
}
