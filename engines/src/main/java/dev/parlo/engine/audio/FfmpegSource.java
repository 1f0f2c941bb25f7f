package dev.parlo.engine.audio;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A file in a container, decoded anew by each reader. */
record FfmpegSource(
        Path file,
        AudioLimits limits,
        NativeThreads threads,
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
        private final NativeThreads threads;
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
            try {
                length = threads.call(decoder::decodeBlock);
                ended = length == 0;
            } catch (EngineException e) {
                // The next read is to fail as well: there is no going on after a failure.
                decoder.stop();
                throw e;
            }
        }

        @Override
        public void close() {
            decoder.stop();
            release.clean();
        }
    }
}
