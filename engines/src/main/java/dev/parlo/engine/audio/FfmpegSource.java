package dev.parlo.engine.audio;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A file in a container, decoded anew by each reader. */
record FfmpegSource(
        Path file,
        AudioLimits limits,
        ExecutorService threads,
        Cleaner cleaner,
        AtomicInteger openReaders)
        implements AudioSource {

    @Override
    public Reader open() {
        try {
            long bytes = Files.size(file);
            if (bytes > limits.maxBytes()) {
                throw AudioFailure.tooManyBytes(limits.maxBytes());
            }
            if (bytes == 0) {
                throw AudioFailure.empty("It has 0 bytes.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        DecodingReader reader = new DecodingReader(this);
        try {
            reader.fill();
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
        return reader;
    }

    /** Copies from the block decoded last and has the next one decoded when it is used up. */
    private static final class DecodingReader implements Reader {
        private final ExecutorService threads;
        private final NativeDecoder decoder;
        private final Cleaner.Cleanable release;
        private int position;
        private int length;
        private boolean ended;

        DecodingReader(FfmpegSource source) {
            threads = source.threads;
            decoder = new NativeDecoder(source.file, source.limits, source.openReaders);
            // Only for readers that nobody closes; it must not refer to the reader itself.
            release = source.cleaner.register(this, decoder::close);
        }

        @Override
        public int read(float[] samples) {
            if (samples.length == 0) {
                throw new IllegalArgumentException("samples has no room");
            }
            if (position == length && !ended) {
                fill();
            }
            if (position == length) {
                return -1;
            }
            int n = Math.min(samples.length, length - position);
            short[] block = decoder.block();
            for (int i = 0; i < n; i++) {
                samples[i] = block[position + i] / 32768f;
            }
            position += n;
            return n;
        }

        void fill() {
            position = 0;
            length = 0;
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted(null);
            }
            Future<Integer> decoded;
            try {
                decoded = threads.submit(decoder::decodeBlock);
            } catch (RejectedExecutionException e) {
                throw new EngineException(
                        Category.CANCELLED, "The server is stopping; no audio is decoded.", e);
            }
            try {
                length = decoded.get();
                ended = length == 0;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw interrupted(e);
            } catch (ExecutionException e) {
                throw failed(e);
            }
        }

        private EngineException interrupted(@Nullable InterruptedException e) {
            decoder.stop();
            EngineException failure =
                    new EngineException(Category.CANCELLED, "Interrupted while audio was decoded.");
            if (e != null) {
                failure.initCause(e);
            }
            return failure;
        }

        private EngineException failed(ExecutionException e) {
            // The next read is to fail as well: there is no going on after a failure.
            decoder.stop();
            Throwable cause = e.getCause();
            if (cause instanceof EngineException failure) {
                return failure;
            }
            if (cause instanceof OutOfMemoryError) {
                return new EngineException(
                        Category.NO_SPACE, "Not enough memory to decode the audio.", e);
            }
            return new EngineException(Category.INTERNAL, "Decoding failed: " + cause, e);
        }

        @Override
        public void close() {
            decoder.stop();
            release.clean();
        }
    }
}
