package dev.parlo.engine.whisper.checkpoint;

import java.util.Arrays;
import java.util.Random;

/** What bad luck makes of a file: one in four is cut off, and some bytes of each are others. */
final class Damage {
    private Damage() {}

    static byte[] of(byte[] valid, Random random) {
        byte[] damaged =
                random.nextInt(4) == 0
                        ? Arrays.copyOf(valid, random.nextInt(valid.length))
                        : valid.clone();
        for (int flips = 1 + random.nextInt(4); flips > 0 && damaged.length > 0; flips--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        return damaged;
    }
}
