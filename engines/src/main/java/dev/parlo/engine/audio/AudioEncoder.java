package dev.parlo.engine.audio;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes one stream of mono samples in an {@link AudioFormat} while it is being made: after each
 * {@link #write} all the bytes that the codec has ready are on their way, after {@link #finish} all
 * of them. Values beyond [-1, 1] are clipped; what is not a number counts as silence. Closing
 * without finishing ends a stream that is not needed any more. Not thread-safe, except that closing
 * from another thread is safe.
 */
public final class AudioEncoder implements AutoCloseable {
    private final SampleEncoder encoder;
    private final Resampler resampler;
    private final long knownSamples;
    private final OutputStream out;
    private final NativeThreads threads;
    private final AtomicInteger openEncoders;
    private final ReentrantLock lock = new ReentrantLock();
    private long samplesWritten;
    private boolean finished;
    private boolean closed;

    AudioEncoder(
            SampleEncoder encoder,
            Resampler resampler,
            long knownSamples,
            OutputStream out,
            NativeThreads threads,
            AtomicInteger openEncoders) {
        this.encoder = encoder;
        this.resampler = resampler;
        this.knownSamples = knownSamples;
        this.out = out;
        this.threads = threads;
        this.openEncoders = openEncoders;
        openEncoders.incrementAndGet();
    }

    void start() throws IOException {
        send(encoder::start);
    }

    /**
     * Encodes samples.
     *
     * @param samples mono at the rate that the encoder was opened with; not changed
     * @param n how many of them, from the first on
     * @throws IOException if the output is gone
     * @throws EngineException CANCELLED if the caller is interrupted or the encoder was closed
     */
    public void write(float[] samples, int n) throws IOException {
        requireUnfinished();
        if (n < 0 || n > samples.length) {
            throw new IllegalArgumentException("n is " + n + ", expected 0 to " + samples.length);
        }
        send(() -> encoder.encode(limited(resampler.resample(clipped(samples, n), n))));
    }

    /**
     * Ends the stream: everything given is written, the tail that the codec held back included.
     *
     * @throws IOException if the output is gone
     */
    public void finish() throws IOException {
        requireUnfinished();
        finished = true;
        send(() -> {
            byte[] rest = encoder.encode(padded(limited(resampler.finish())));
            byte[] end = encoder.finish();
            byte[] both = Arrays.copyOf(rest, rest.length + end.length);
            System.arraycopy(end, 0, both, rest.length, end.length);
            return both;
        });
    }

    /** {@return samples of the output, at its rate, so far; after {@link #finish} all of them} */
    public long samplesWritten() {
        return samplesWritten;
    }

    private void requireUnfinished() {
        if (finished) {
            throw new IllegalStateException("the stream was finished or has failed");
        }
    }

    /** Encoding on a thread for native code, sending on the caller's, who may be slow. */
    private void send(Callable<byte[]> work) throws IOException {
        byte[] bytes;
        try {
            bytes = threads.call(() -> guarded(work));
        } catch (EngineException e) {
            // What was given is lost, and nothing may follow a gap.
            finished = true;
            throw e;
        }
        if (bytes.length > 0) {
            out.write(bytes);
            out.flush();
        }
    }

    private byte[] guarded(Callable<byte[]> work) throws Exception {
        lock.lock();
        try {
            if (closed) {
                throw AudioFailure.closed();
            }
            return work.call();
        } finally {
            lock.unlock();
        }
    }

    /** Resampling rounds the length its own way; a header that was sent has promised one. */
    private float[] limited(float[] samples) {
        clip(samples);
        float[] kept = samples;
        if (knownSamples >= 0 && samplesWritten + samples.length > knownSamples) {
            kept = Arrays.copyOf(samples, (int) (knownSamples - samplesWritten));
        }
        samplesWritten += kept.length;
        return kept;
    }

    private float[] padded(float[] samples) {
        long missing = knownSamples - samplesWritten;
        // More than a filter's length means that the caller gave less than it said: no inventing.
        if (missing <= 0 || missing > 4096) {
            return samples;
        }
        return Arrays.copyOf(samples, samples.length + (int) missing);
    }

    private static float[] clipped(float[] samples, int n) {
        float[] copy = Arrays.copyOf(samples, n);
        clip(copy);
        return copy;
    }

    private static void clip(float[] samples) {
        for (int i = 0; i < samples.length; i++) {
            float sample = samples[i];
            samples[i] = Float.isNaN(sample) ? 0 : Math.clamp(sample, -1f, 1f);
        }
    }

    /** Frees all native memory, after the piece in work. Closing twice is harmless. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            encoder.close();
            resampler.close();
            openEncoders.decrementAndGet();
        } finally {
            lock.unlock();
        }
    }
}
