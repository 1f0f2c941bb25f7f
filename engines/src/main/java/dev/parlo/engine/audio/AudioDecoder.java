package dev.parlo.engine.audio;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Opens audio and video files of any accepted kind as {@link AudioSource}: recognised by content,
 * the best audio stream, mixed to mono, resampled to 16 kHz, quantised to 16 bits and divided by
 * 32768, as PyAV does it for faster-whisper. Packets that cannot be decoded are skipped.
 *
 * <p>Decoding is native code and would pin a virtual thread, so each block is decoded on one of a
 * fixed number of platform threads while the reading thread waits. Nothing runs between two reads:
 * a reader that is closed, or forgotten, leaves no work behind. Thread-safe.
 */
public final class AudioDecoder implements AutoCloseable {
    private final NativeThreads threads;
    private final Cleaner cleaner = Cleaner.create();
    private final AtomicInteger openReaders = new AtomicInteger();
    private final AudioLimits limits;

    /**
     * @param threads how many blocks are decoded at once, at least 1
     * @param limits what is refused as TOO_LARGE
     */
    public AudioDecoder(int threads, AudioLimits limits) {
        AudioNatives.load();
        this.threads = new NativeThreads("audio-decode", threads);
        this.limits = limits;
    }

    /** The file as audio, its kind recognised by its content. Nothing is read yet. */
    public AudioSource open(Path file) {
        requireFile(file);
        return new FfmpegSource(file, limits, threads, cleaner, openReaders);
    }

    /**
     * The file as audio; a {@code contentType} of {@code audio/pcm} or {@code audio/raw} makes it
     * {@linkplain #openPcm raw}, any other says nothing.
     */
    public AudioSource open(Path file, @Nullable String contentType) {
        return isRawPcm(contentType) ? openPcm(file) : open(file);
    }

    /** The file as bare signed 16-bit little-endian mono samples at 16 kHz. */
    public AudioSource openPcm(Path file) {
        requireFile(file);
        return new RawPcmSource(file, limits);
    }

    /** How many readers of container files hold native memory now. */
    public int openReaders() {
        return openReaders.get();
    }

    /** Stops the threads. Readers still open fail with CANCELLED at their next block. */
    @Override
    public void close() {
        threads.close();
    }

    private static boolean isRawPcm(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return switch (type.strip().toLowerCase(Locale.ROOT)) {
            case "audio/pcm", "audio/raw" -> true;
            default -> false;
        };
    }

    private static void requireFile(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            String problem =
                    Files.isDirectory(file)
                            ? " is a directory. Give an audio or video file."
                            : Files.exists(file)
                                    ? " cannot be read. Give a readable audio or video file."
                                    : " does not exist. Give an audio or video file.";
            throw new EngineException(Category.BAD_REQUEST, file + problem);
        }
    }
}
