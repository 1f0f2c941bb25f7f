package dev.parlo.engine.audio;

import dev.parlo.engine.steps.NativeSteps;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * Opens {@link AudioEncoder}s, which share a fixed number of platform threads for their native
 * work. Thread-safe.
 */
public final class AudioEncoders implements AutoCloseable {
    /** The length of a stream whose end is not yet known. */
    public static final long UNKNOWN_LENGTH = -1;

    private final NativeThreads threads;
    private final AtomicInteger openEncoders = new AtomicInteger();

    /**
     * Starts its threads.
     *
     * @param threads how many pieces are encoded at once, at least 1
     */
    public AudioEncoders(int threads) {
        this.threads = new NativeThreads("audio-encode", threads);
    }

    /**
     * Begins a stream at the usual bit rate, of a length that is not known yet.
     *
     * @param format container and codec
     * @param inputRate samples per second that will be given, 1000 to 768000
     * @param outputRate samples per second wanted, 8000 to 48000
     * @param out where the bytes go, on the calling thread, flushed after each call; stays open
     * @return takes the samples; the caller closes it
     * @throws IOException if the output is gone
     */
    public AudioEncoder open(AudioFormat format, int inputRate, int outputRate, OutputStream out)
            throws IOException {
        return open(AudioTarget.of(format, outputRate), inputRate, out, UNKNOWN_LENGTH);
    }

    /**
     * Begins a stream of a length that is not known yet.
     *
     * @param target what is written
     * @param inputRate samples per second that will be given, 1000 to 768000
     * @param out where the bytes go, on the calling thread, flushed after each call; stays open
     * @return takes the samples; the caller closes it
     * @throws IOException if the output is gone
     */
    public AudioEncoder open(AudioTarget target, int inputRate, OutputStream out)
            throws IOException {
        return open(target, inputRate, out, UNKNOWN_LENGTH);
    }

    /**
     * Begins a stream; what precedes the samples is written at once.
     *
     * @param target what is written
     * @param inputRate samples per second that will be given, 1000 to 768000
     * @param out where the bytes go, on the calling thread, flushed after each call; stays open
     * @param inputSamples how many samples will be given, for the header of WAV, or {@link
     *     #UNKNOWN_LENGTH}
     * @return takes the samples; the caller closes it
     * @throws IOException if the output is gone
     */
    public AudioEncoder open(AudioTarget target, int inputRate, OutputStream out, long inputSamples)
            throws IOException {
        int rate = target.writtenRate();
        long outputSamples =
                inputSamples == UNKNOWN_LENGTH
                        ? UNKNOWN_LENGTH
                        : Math.round((double) inputSamples * rate / inputRate);
        AudioEncoder encoder =
                new AudioEncoder(
                        encoder(target, rate, outputSamples),
                        new Resampler(inputRate, rate),
                        outputSamples,
                        out,
                        threads,
                        openEncoders);
        try {
            encoder.start();
        } catch (Throwable e) { // errors, too: what is open lies outside of the heap
            encoder.close();
            throw e;
        }
        return encoder;
    }

    private static SampleEncoder encoder(AudioTarget target, int rate, long samples) {
        return switch (target.format()) {
            case PCM -> new PcmEncoder(PcmEncoder.Code.LINEAR, false, rate, samples);
            case WAV -> new PcmEncoder(PcmEncoder.Code.LINEAR, true, rate, samples);
            case MULAW -> new PcmEncoder(PcmEncoder.Code.MULAW, false, rate, samples);
            case WAV_MULAW -> new PcmEncoder(PcmEncoder.Code.MULAW, true, rate, samples);
            case ALAW -> new PcmEncoder(PcmEncoder.Code.ALAW, false, rate, samples);
            case WAV_ALAW -> new PcmEncoder(PcmEncoder.Code.ALAW, true, rate, samples);
            case MP3 ->
                    codec(
                            target,
                            "mp3",
                            "libmp3lame",
                            avutil.AV_SAMPLE_FMT_FLTP,
                            Map.of("write_xing", "0", "id3v2_version", "0"));
            case OPUS -> codec(target, "ogg", "libopus", avutil.AV_SAMPLE_FMT_FLT, Map.of());
            case WEBM ->
                    codec(target, "webm", "libopus", avutil.AV_SAMPLE_FMT_FLT, Map.of("live", "1"));
            case AAC -> codec(target, "adts", "aac", avutil.AV_SAMPLE_FMT_FLTP, Map.of());
            case M4A ->
                    codec(
                            target,
                            "mp4",
                            "aac",
                            avutil.AV_SAMPLE_FMT_FLTP,
                            Map.of(
                                    "brand",
                                    "M4A ",
                                    "movflags",
                                    "frag_custom+empty_moov+delay_moov+default_base_moof",
                                    "frag_duration",
                                    "1000000"));
            case FLAC -> codec(target, "flac", "flac", avutil.AV_SAMPLE_FMT_S16, Map.of());
        };
    }

    private static CodecEncoder codec(
            AudioTarget target,
            String muxer,
            String encoder,
            int format,
            Map<String, String> muxing) {
        return new CodecEncoder(
                new CodecEncoder.Recipe(muxer, encoder, format, muxing),
                target.writtenRate(),
                target.writtenBitRate());
    }

    /** {@return how many encoders hold native memory now} */
    public int openEncoders() {
        return openEncoders.get();
    }

    /** {@return what its threads are doing in native code} */
    public NativeSteps steps() {
        return threads.steps();
    }

    /** Stops the threads. Encoders still open fail with CANCELLED at their next call. */
    @Override
    public void close() {
        threads.close();
    }
}
