package dev.parlo.engine.whisper.cpu;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.network.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * As many windows as there are threads, encoded on one thread each: no thread waits for another
 * within an operator, which for two takes a tenth of their time. The graph is loaded once more for
 * that, since a session's threads are those of each of its runs. Used by one thread.
 *
 * <p>Not for more than four threads. What it gains is that no thread waits; what it costs is that
 * the first window is ready with the last. With t threads as many windows are ready after (t + 1) /
 * 2 runs in the mean one after another and after t side by side, each of which takes a tenth less:
 * 1.2 times as late for two, 1.4 for four, 1.6 for eight. Not of models larger than {@code small}
 * either: their operators are longer while a wait at the end of one is not, so there is less to
 * gain, and a second {@code medium} would take half a gigabyte. Neither was measured on more than
 * two cores.
 */
final class EncodersSideBySide implements AutoCloseable {
    /**
     * What a session lays out anew of the encoder's weights, of a hundred: the matrices of 8 bits.
     */
    private static final int LAID_OUT = 70;

    private static final int MOST_THREADS = 4;

    /** Bytes of an encoder's weights that are worth laying out twice: {@code small}'s are 112. */
    private static final long MOST_BYTES = 128L << 20;

    private final Resources resources;
    private final OrtSession session;
    private final long bytes;
    private final List<EncoderRun> runs = new ArrayList<>();
    private final ExecutorService threads;

    /**
     * @param count threads, each with a window
     * @param resources empty; what is made is added, and closed where a later part cannot be made
     */
    EncodersSideBySide(CpuNetwork network, CrossCache cross, int count, Resources resources)
            throws OrtException {
        this.resources = resources;
        bytes = bytes(network.shape(), network.encoderBytes(), count);
        try {
            OrtSession opened = network.openEncoder(1);
            session = resources.add(opened, () -> CpuNetwork.closeUnchecked(opened));
            for (int i = 0; i < count; i++) {
                EncoderRun run = new EncoderRun(network, cross, new Resources());
                runs.add(resources.add(run, run::close));
            }
            ExecutorService made =
                    Executors.newFixedThreadPool(
                            count,
                            Thread.ofPlatform().name("whisper-encoder-", 1).daemon().factory());
            threads = resources.add(made, made::close);
        } catch (Throwable e) { // errors, too: what is open lies outside of the heap
            resources.close();
            throw e;
        }
    }

    /** Whether so many threads, each with a window, are better than all with one after another. */
    static boolean pay(int threads, long encoderBytes) {
        return threads >= 2 && threads <= MOST_THREADS && encoderBytes <= MOST_BYTES;
    }

    /**
     * Slots of an arena in which they are opened: with fewer there is no crowd that is worth their
     * memory, and none was set aside.
     */
    static int leastSlots(int threads) {
        return 2 * threads;
    }

    /** Memory that they take beside the network's own encoder. */
    static long bytes(WhisperShape shape, long encoderBytes, int threads) {
        return encoderBytes * LAID_OUT / 100 + threads * EncoderRun.bytes(shape);
    }

    long bytes() {
        return bytes;
    }

    /**
     * @param windows as many as there are threads
     */
    void encode(List<float[]> windows, int firstSlot) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        try {
            for (int i = 0; i < windows.size(); i++) {
                float[] window = windows.get(i);
                EncoderRun run = runs.get(i);
                int slot = firstSlot + i;
                all.add(CompletableFuture.runAsync(() -> run.run(session, window, slot), threads));
            }
        } finally {
            // Of all, also where one fails or found no thread: their memory is in use until then.
            await(all);
        }
    }

    private static void await(List<CompletableFuture<Void>> all) {
        try {
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw e;
            }
        }
    }

    /** Has the runs under way fail, from any thread. */
    void stop() {
        runs.forEach(EncoderRun::stop);
    }

    @Override
    public void close() {
        resources.close();
    }
}
