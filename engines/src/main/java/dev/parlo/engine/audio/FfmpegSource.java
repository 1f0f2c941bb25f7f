package dev.parlo.engine.audio;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A file in a container or of bare samples, decoded anew by each reader. */
final class FfmpegSource implements AudioSource {
    private final Path file;
    private final @Nullable RawAudio raw;
    private final AudioLimits limits;
    private final AudioGaps gaps;
    private final ChannelMix mix;
    private final NativeThreads threads;
    private final Cleaner cleaner;
    private final AtomicInteger openReaders;
    private volatile @Nullable String truncation;
    private volatile TimeMap times = TimeMap.NONE;

    /**
     * @param raw of bare samples, null for a container
     */
    FfmpegSource(
            Path file,
            @Nullable RawAudio raw,
            AudioLimits limits,
            AudioGaps gaps,
            ChannelMix mix,
            NativeThreads threads,
            Cleaner cleaner,
            AtomicInteger openReaders) {
        this.file = file;
        this.raw = raw;
        this.limits = limits;
        this.gaps = gaps;
        this.mix = mix;
        this.threads = threads;
        this.cleaner = cleaner;
        this.openReaders = openReaders;
    }

    @Override
    public TimeMap times() {
        return times;
    }

    /** Of a reader that may be behind another one. */
    private synchronized void learn(TimeMap known) {
        if (known.leftOut() > times.leftOut()) {
            times = known;
        }
    }

    @Override
    public Optional<String> truncation() {
        return Optional.ofNullable(truncation);
    }

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
            throw AudioFailure.unreadable(e);
        }
        DecodingReader reader = new DecodingReader(this);
        try {
            reader.fill();
        } catch (RuntimeException | Error e) {
            reader.close();
            throw e;
        }
        return reader;
    }

    /** Copies from the block decoded last and has the next one decoded when it is used up. */
    private static final class DecodingReader implements Reader {
        private final FfmpegSource source;
        private final NativeDecoder decoder;
        private final Cleaner.Cleanable release;
        private int position;
        private int length;
        private boolean ended;

        DecodingReader(FfmpegSource source) {
            this.source = source;
            decoder =
                    new NativeDecoder(
                            new Demuxer(source.file, source.raw),
                            source.limits,
                            source.gaps,
                            source.mix,
                            source.openReaders);
            // Only for readers that are not closed; it must not refer to the reader itself.
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
                length = source.threads.call(decoder::decodeBlock);
                ended = length == 0;
                source.learn(decoder.times());
                if (ended) {
                    source.truncation = decoder.truncation();
                }
            } catch (EngineException e) {
                // A reader that failed once fails at every later read as well.
                decoder.stop();
                if (e.category() == EngineException.Category.STUCK) {
                    decoder.abandon();
                }
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
