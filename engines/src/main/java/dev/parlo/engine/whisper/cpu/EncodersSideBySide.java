package dev.parlo.engine.whisper.cpu;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
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
 */
final class EncodersSideBySide implements AutoCloseable {
    /**
     * What a session lays out anew of the encoder's weights, of a hundred: the matrices of 8 bits.
     */
    private static final int LAID_OUT = 70;

    private final OrtSession session;
    private final long bytes;
    private final List<EncoderRun> runs = new ArrayList<>();
    private final ExecutorService threads;

    EncodersSideBySide(CpuNetwork network, CrossCache cross, int count) throws OrtException {
        bytes = network.encoderBytes() * LAID_OUT / 100;
        try {
            for (int i = 0; i < count; i++) {
                runs.add(new EncoderRun(network, cross));
            }
            session = network.openEncoder(1);
        } catch (OrtException | RuntimeException | Error e) { // what is open is native memory
            runs.forEach(EncoderRun::close);
            throw e;
        }
        threads =
                Executors.newFixedThreadPool(
                        count, Thread.ofPlatform().name("whisper-encoder-", 1).daemon().factory());
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
        threads.close();
        runs.forEach(EncoderRun::close);
        CpuNetwork.closeUnchecked(session);
    }
}
