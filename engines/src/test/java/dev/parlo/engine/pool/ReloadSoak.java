package dev.parlo.engine.pool;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.whisper.WhisperEngine;
import dev.parlo.engine.whisper.WhisperEngineSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * Loads a model, transcribes a second of silence with it and unloads it, again and again, and
 * measures the process' resident memory after each cycle. By hand: {@code java -Xms256m -Xmx256m …
 * dev.parlo.engine.pool.ReloadSoak MODEL_DIRECTORY CYCLES CACHE_DIRECTORY}.
 */
final class ReloadSoak {
    private static final int COLLECTIONS = 2;

    private ReloadSoak() {}

    public static void main(String[] arguments) {
        Path model = Path.of(arguments[0]);
        int cycles = Integer.parseInt(arguments[1]);
        long[] resident = run(model, cycles, Path.of(arguments[2]));
        for (int i = 0; i < cycles; i += Math.max(1, cycles / 20)) {
            System.out.printf(Locale.ROOT, "cycle %4d  %,d KiB%n", i + 1, resident[i] / 1024);
        }
        int last = Math.max(2, cycles / 2);
        System.out.printf(
                Locale.ROOT,
                "slope over the last %d cycles: %.1f KiB a cycle%n",
                last,
                slope(Arrays.copyOfRange(resident, cycles - last, cycles)) / 1024);
    }

    /** Resident bytes after each cycle. */
    static long[] run(Path model, int cycles, Path cache) {
        ProcessMemory memory = new ProcessMemory();
        memory.keepNoLargeBlocks();
        long[] resident = new long[cycles];
        try (SystemPoolTimer timer = new SystemPoolTimer();
                EnginePool<Path, WhisperEngine> pool =
                        EnginePool.builder(new Loader(cache), timer).memory(memory).build()) {
            for (int i = 0; i < cycles; i++) {
                try (EngineLease<WhisperEngine> lease = pool.lease(model)) {
                    lease.engine()
                            .transcribe(
                                    silence(),
                                    TranscribeOptions.defaults(),
                                    segment -> {},
                                    new Cancellation());
                }
                if (!(pool.unload(model) instanceof UnloadResult.Unloaded)) {
                    throw new IllegalStateException("the engine stayed");
                }
                for (int gc = 0; gc < COLLECTIONS; gc++) {
                    System.gc();
                }
                memory.giveBack();
                resident[i] = memory.residentBytes();
            }
        }
        return resident;
    }

    /** Least squares, in bytes a cycle. */
    static double slope(long[] values) {
        double middle = (values.length - 1) / 2.0;
        double mean = Arrays.stream(values).average().orElse(0);
        double up = 0;
        double down = 0;
        for (int i = 0; i < values.length; i++) {
            up += (i - middle) * (values[i] - mean);
            down += (i - middle) * (i - middle);
        }
        return up / down;
    }

    private static AudioSource silence() {
        return () ->
                new AudioSource.Reader() {
                    private int left = AudioSource.SAMPLE_RATE;

                    @Override
                    public int read(float[] samples) {
                        if (left == 0) {
                            return -1;
                        }
                        int count = Math.min(left, samples.length);
                        Arrays.fill(samples, 0, count, 0);
                        left -= count;
                        return count;
                    }

                    @Override
                    public void close() {}
                };
    }

    private record Loader(Path cache) implements EngineLoader<Path, WhisperEngine> {
        @Override
        public long expectedBytes(Path model) {
            return 0;
        }

        @Override
        public WhisperEngine load(Path model, Cancellation cancellation) {
            return WhisperEngine.open(
                    model, WhisperEngineSettings.of(ComputeType.FLOAT32, 1, cache), cancellation);
        }

        @Override
        public EngineFacts facts(WhisperEngine engine) {
            return engine.facts();
        }

        @Override
        public KeepAlive keepAlive(Path model) {
            return new KeepAlive(Duration.ofMinutes(5));
        }
    }
}
