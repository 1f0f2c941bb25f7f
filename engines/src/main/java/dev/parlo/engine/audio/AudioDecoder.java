package dev.parlo.engine.audio;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.steps.NativeSteps;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Opens audio and video files of any accepted kind as {@link AudioSource}: recognised by content,
 * the best audio stream, mixed to mono, resampled to 16 kHz, quantised to 16 bits and divided by
 * 32768, as PyAV does it for faster-whisper. Unless gaps are closed, a late start of the track,
 * holes in it and packets that cannot be decoded keep their place in time.
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
    private final AudioGaps gaps;

    /**
     * Keeps gaps.
     *
     * @param threads how many blocks are decoded at once, at least 1
     * @param limits what is refused as TOO_LARGE
     */
    public AudioDecoder(int threads, AudioLimits limits) {
        this(threads, limits, AudioGaps.KEEP);
    }

    /**
     * Starts its threads.
     *
     * @param threads how many blocks are decoded at once, at least 1
     * @param limits what is refused as TOO_LARGE
     * @param gaps what becomes of the time in which a track has nothing to play
     */
    public AudioDecoder(int threads, AudioLimits limits, AudioGaps gaps) {
        this.threads = new NativeThreads("audio-decode", threads);
        this.limits = limits;
        this.gaps = gaps;
    }

    /**
     * {@return the file as audio, its kind recognised by its content} Nothing is read yet.
     *
     * @param file audio or video
     * @throws EngineException of category BAD_REQUEST when there is no such file
     */
    public AudioSource open(Path file) {
        requireFile(file);
        return ffmpeg(file, null, new ChannelMix.All());
    }

    private AudioSource ffmpeg(Path file, @Nullable RawAudio raw, ChannelMix mix) {
        return new FfmpegSource(file, raw, limits, gaps, mix, threads, cleaner, openReaders);
    }

    /**
     * {@return each channel of the file as a source by itself, of which every one decodes the file
     * anew} There may be as many as the file says.
     *
     * @param file audio or video
     * @param contentType as of {@link #open(Path, String)}
     * @throws EngineException UNSUPPORTED_AUDIO, BAD_AUDIO; BAD_REQUEST when there is no such file
     */
    public List<AudioSource> channels(Path file, @Nullable String contentType) {
        requireFile(file);
        RawAudio raw = raw(file, contentType);
        int count = raw != null ? raw.channels() : threads.call(() -> channels(file));
        List<AudioSource> channels = new ArrayList<>();
        for (int channel = 0; channel < count; channel++) {
            channels.add(ffmpeg(file, raw, new ChannelMix.Only(channel)));
        }
        return channels;
    }

    private static int channels(Path file) {
        try (Demuxer demuxer = new Demuxer(file, null)) {
            demuxer.open();
            return demuxer.stream().codecpar().ch_layout().nb_channels();
        }
    }

    /**
     * {@return the file as audio} Nothing is read yet.
     *
     * @param file audio or video
     * @param contentType {@code audio/pcm} or {@code audio/raw}, with parameters such as {@code
     *     rate=24000}, {@code channels=2}, {@code bits=24} and {@code endian=big}, makes the file
     *     bare samples, signed 16-bit little-endian ones of 16 kHz and one channel where it says
     *     nothing else; {@code audio/L16}, {@code audio/pcmu}, {@code audio/g729} and the like make
     *     it what they are in RFC 3551; any other, or null, says nothing
     * @throws EngineException UNSUPPORTED_AUDIO for a parameter of those that cannot be honoured;
     *     BAD_REQUEST when there is no such file
     */
    public AudioSource open(Path file, @Nullable String contentType) {
        requireFile(file);
        RawAudio raw = raw(file, contentType);
        return raw == null ? open(file) : openPcm(file, raw);
    }

    /** Null for a container, which a WAV is, whatever it was sent as. */
    private static @Nullable RawAudio raw(Path file, @Nullable String contentType) {
        RawAudio raw = RawAudio.of(contentType).orElse(null);
        try {
            return raw == null || WaveHeader.read(file).isPresent() ? null : raw;
        } catch (IOException e) {
            throw AudioFailure.unreadable(e);
        }
    }

    /** The file as bare signed 16-bit little-endian samples. */
    AudioSource openPcm(Path file, RawAudio raw) {
        requireFile(file);
        return raw.equals(RawAudio.DEFAULT)
                ? new RawPcmSource(file, limits)
                : ffmpeg(file, raw, new ChannelMix.All());
    }

    /** {@return how many readers of container files hold native memory now} */
    public int openReaders() {
        return openReaders.get();
    }

    /** {@return what its threads are doing in native code} */
    public NativeSteps steps() {
        return threads.steps();
    }

    /** Stops the threads. Readers still open fail with CANCELLED at their next block. */
    @Override
    public void close() {
        threads.close();
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
