package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** What the tests of this package do with samples. */
final class Samples {
    private Samples() {}

    static float[] all(AudioSource source) {
        float[] all = new float[1 << 16];
        int length = 0;
        float[] block = new float[5_000];
        try (AudioSource.Reader reader = source.open()) {
            for (int n = reader.read(block); n >= 0; n = reader.read(block)) {
                assertThat(n).isPositive();
                if (length + n > all.length) {
                    all = Arrays.copyOf(all, all.length * 2);
                }
                System.arraycopy(block, 0, all, length, n);
                length += n;
            }
        }
        return Arrays.copyOf(all, length);
    }

    /** The largest normalised correlation of {@code a} with {@code b} moved by up to maxShift. */
    static double correlation(float[] a, float[] b, int maxShift) {
        double best = -1;
        for (int shift = -maxShift; shift <= maxShift; shift++) {
            double ab = 0;
            double aa = 0;
            double bb = 0;
            for (int i = Math.max(0, -shift); i < a.length && i + shift < b.length; i++) {
                ab += a[i] * b[i + shift];
                aa += a[i] * a[i];
                bb += b[i + shift] * b[i + shift];
            }
            best = Math.max(best, ab / Math.sqrt(aa * bb + 1e-20));
        }
        return best;
    }

    static AbstractStringAssert<?> refused(
            EngineException.@Nullable Category category, ThrowingCallable call) {
        EngineException failure = catchThrowableOfType(EngineException.class, call);
        assertThat(failure).isNotNull();
        if (category != null) {
            assertThat(failure.category()).isEqualTo(category);
        }
        return assertThat(failure.getMessage());
    }

    /**
     * The least resident memory outside the Java heap and the VM's own that is seen after several
     * rounds: allocators give memory back when they like, so one figure alone says little. To be
     * compared before and after hundreds of repetitions.
     */
    static long leastNativeKilobytes(Runnable round) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            round.run();
            least = Math.min(least, nativeKilobytes());
        }
        return least;
    }

    /**
     * By how much {@link #leastNativeKilobytes} grows over many repetitions. The Java heap gives
     * back memory that it never touched, which looks like growth of the rest, once: what leaks
     * grows each time, so the least of three growths counts.
     */
    static long growthInKilobytes(Runnable round, Runnable many) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long before = leastNativeKilobytes(round);
            many.run();
            least = Math.min(least, leastNativeKilobytes(round) - before);
        }
        return least;
    }

    private static long nativeKilobytes() {
        System.gc();
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        long java =
                memory.getHeapMemoryUsage().getCommitted()
                        + memory.getNonHeapMemoryUsage().getCommitted();
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                            .filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .findFirst()
                            .orElseThrow()
                    - java / 1024;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
