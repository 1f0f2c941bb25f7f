package dev.parlo.engine.whisper.window;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.whisper.decode.WindowDecoder;
import dev.parlo.engine.whisper.network.DecoderStep;
import java.util.ArrayList;
import java.util.List;

/** Decodes windows side by side, for tests of what is below the port. */
public final class WindowsTogether {
    private WindowsTogether() {}

    /**
     * Runs every decoder to its end; the one at index i belongs to slot i.
     *
     * @throws RuntimeException the first failure
     */
    public static void run(
            DecoderStep step, List<? extends WindowDecoder> decoders, Cancellation cancellation) {
        run(step, 0, decoders, cancellation);
    }

    /** Runs a decoder to its end, alone. */
    public static void runAlone(DecoderStep step, int slot, WindowDecoder decoder) {
        run(step, slot, List.of(decoder), new Cancellation());
    }

    private static void run(
            DecoderStep step,
            int firstSlot,
            List<? extends WindowDecoder> decoders,
            Cancellation cancellation) {
        List<Throwable> failures = new ArrayList<>();
        DecodeBatch batch = new DecodeBatch(step, EngineObserver.NONE);
        for (int i = 0; i < decoders.size(); i++) {
            batch.join(
                    firstSlot + i,
                    false,
                    decoders.get(i),
                    cancellation,
                    failure -> {
                        if (failure != null) {
                            failures.add(failure);
                        }
                    });
        }
        while (!batch.isEmpty()) {
            batch.turn(false);
        }
        if (!failures.isEmpty()) {
            if (failures.getFirst() instanceof RuntimeException known) {
                throw known;
            }
            throw (Error) failures.getFirst();
        }
    }
}
