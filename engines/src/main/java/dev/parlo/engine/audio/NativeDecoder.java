package dev.parlo.engine.audio;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_READ;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open2;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S16;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.ShortPointer;
import org.jspecify.annotations.Nullable;

/**
 * FFmpeg's state for one pass over one file. All of it is made, used and freed under one lock, so
 * that closing from another thread waits for the packet in work and no longer.
 */
final class NativeDecoder implements AutoCloseable {
    private static final int BLOCK_SAMPLES = 1 << 15;
    private static final int LOWEST_RATE = 1_000;
    private static final int HIGHEST_RATE = 768_000;

    /** A frame of the largest sane codec is one second at the highest rate. */
    private static final int LARGEST_FRAME_SAMPLES = 1 << 20;

    /** A damaged index can name packets without end that hold no audio. */
    private static final int MOST_FRUITLESS_PACKETS = 100_000;

    private final Path file;
    private final AudioLimits limits;
    private final AtomicInteger openReaders;
    private final ReentrantLock lock = new ReentrantLock();
    private final NotANumber notANumber = new NotANumber();
    private volatile boolean stopped;

    private boolean opened;
    private boolean closed;
    private boolean inputEnded;
    private boolean ended;
    private @Nullable AVIOContext io;
    private @Nullable AVFormatContext container;
    private @Nullable AVCodecContext codec;
    private @Nullable AVPacket packet;
    private @Nullable AVFrame frame;
    private @Nullable FrameConverter converter;
    private int streamIndex;
    private int fruitlessPackets;
    private long totalSamples;
    private short[] block = new short[BLOCK_SAMPLES * 2];
    private int blockLength;

    NativeDecoder(Path file, AudioLimits limits, AtomicInteger openReaders) {
        this.file = file;
        this.limits = limits;
        this.openReaders = openReaders;
    }

    /** The samples that {@link #decodeBlock} left, valid until it is called again. */
    short[] block() {
        return block;
    }

    /** Makes a running {@link #decodeBlock} fail at its next packet. */
    void stop() {
        stopped = true;
    }

    /**
     * Decodes some two seconds, opening the file the first time.
     *
     * @return how many samples {@link #block()} holds, 0 at the end
     */
    int decodeBlock() {
        lock.lock();
        try {
            checkNotStopped();
            blockLength = 0;
            if (!opened) {
                opened = true;
                openReaders.incrementAndGet();
                openContainer();
                openCodec();
            }
            while (!ended && blockLength < BLOCK_SAMPLES) {
                checkNotStopped();
                step();
            }
            if (ended && totalSamples == 0) {
                throw AudioFailure.empty("No audio could be decoded from it.");
            }
            return blockLength;
        } finally {
            lock.unlock();
        }
    }

    private void checkNotStopped() {
        if (stopped || closed) {
            throw AudioFailure.closed();
        }
    }

    private void openContainer() {
        AVIOContext bytes = new AVIOContext(null);
        int result =
                avio_open2(
                        bytes,
                        "file:" + file.toAbsolutePath(),
                        AVIO_FLAG_READ,
                        null,
                        (AVDictionary) null);
        if (result < 0) {
            throw AudioFailure.broken(
                    "The file cannot be opened: " + AudioNatives.describe(result) + ".");
        }
        io = bytes;
        AVFormatContext opening = avformat_alloc_context();
        opening.pb(bytes);
        AVDictionary options = new AVDictionary(null);
        av_dict_set(options, "format_whitelist", InputAllowList.DEMUXERS, 0);
        av_dict_set(options, "codec_whitelist", InputAllowList.DECODERS, 0);
        // The file itself is open already; nothing that it names may be opened.
        av_dict_set(options, "protocol_whitelist", "none", 0);
        av_dict_set(options, "max_streams", "64", 0);
        result = avformat_open_input(opening, "", null, options);
        av_dict_free(options);
        if (result < 0) {
            // FFmpeg has freed the context.
            throw AudioFailure.unsupported(
                    "No accepted audio or video format was recognised in its content.");
        }
        container = opening;
        result = avformat_find_stream_info(opening, (AVDictionary) null);
        if (result < 0) {
            throw AudioFailure.unsupported(
                    "Its streams cannot be read: " + AudioNatives.describe(result) + ".");
        }
    }

    private void openCodec() {
        AVFormatContext streams = present(container);
        int best = av_find_best_stream(streams, AVMEDIA_TYPE_AUDIO, -1, -1, (AVCodec) null, 0);
        if (best < 0) {
            throw AudioFailure.unsupported("It has no audio stream.");
        }
        streamIndex = best;
        for (int i = 0; i < streams.nb_streams(); i++) {
            if (i != best) {
                streams.streams(i).discard(org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL);
            }
        }
        AVStream stream = streams.streams(best);
        int id = stream.codecpar().codec_id();
        AVCodec decoder = avcodec_find_decoder(id);
        if (decoder == null || decoder.isNull()) {
            throw AudioFailure.unsupported("Its audio codec is unknown.");
        }
        AVCodecContext opening = avcodec_alloc_context3(decoder);
        codec = opening;
        int result = avcodec_parameters_to_context(opening, stream.codecpar());
        if (result >= 0) {
            opening.pkt_timebase(stream.time_base());
            // Threads of the codec would multiply with those of the executor.
            opening.thread_count(1);
            opening.max_samples(LARGEST_FRAME_SAMPLES);
            AVDictionary options = new AVDictionary(null);
            av_dict_set(options, "codec_whitelist", InputAllowList.DECODERS, 0);
            result = avcodec_open2(opening, decoder, options);
            av_dict_free(options);
        }
        if (result < 0) {
            throw AudioFailure.unsupported(
                    "Its audio codec \""
                            + avcodec_get_name(id).getString()
                            + "\" is not accepted or its parameters are damaged.");
        }
        packet = av_packet_alloc();
        frame = av_frame_alloc();
    }

    /** One packet in, or one frame out. */
    private void step() {
        AVCodecContext decoder = present(codec);
        AVFrame decoded = present(frame);
        int result = avcodec_receive_frame(decoder, decoded);
        if (result >= 0) {
            try {
                take(decoded);
            } finally {
                av_frame_unref(decoded);
            }
        } else if (result == AVERROR_EOF) {
            finish();
        } else if (inputEnded) {
            // Draining fails now and then on damaged files; what was decoded stands.
            if (++fruitlessPackets > MOST_FRUITLESS_PACKETS || result == AVERROR_EAGAIN()) {
                finish();
            }
        } else {
            sendPacket(decoder);
        }
    }

    private void sendPacket(AVCodecContext decoder) {
        AVPacket read = present(packet);
        int result = av_read_frame(present(container), read);
        if (result < 0) {
            // The end, or a truncated file: what came before is kept.
            inputEnded = true;
            avcodec_send_packet(decoder, null);
            return;
        }
        try {
            if (++fruitlessPackets > MOST_FRUITLESS_PACKETS) {
                throw AudioFailure.broken(
                        "It has "
                                + MOST_FRUITLESS_PACKETS
                                + " packets in a row without audio; the file is damaged.");
            }
            if (read.stream_index() == streamIndex) {
                // A packet that the decoder refuses is skipped.
                avcodec_send_packet(decoder, read);
            }
        } finally {
            av_packet_unref(read);
        }
    }

    private void take(AVFrame decoded) {
        int rate = decoded.sample_rate();
        if (rate < LOWEST_RATE || rate > HIGHEST_RATE) {
            throw AudioFailure.broken(
                    "Its sample rate is "
                            + rate
                            + " Hz, accepted are "
                            + LOWEST_RATE
                            + " to "
                            + HIGHEST_RATE
                            + " Hz.");
        }
        if (decoded.nb_samples() == 0) {
            return;
        }
        if (notANumber.in(decoded)) {
            throw AudioFailure.broken(
                    "Its samples hold values that are not finite numbers (NaN or infinity).");
        }
        fruitlessPackets = 0;
        FrameConverter current = converter;
        if (current == null || !current.accepts(decoded)) {
            // Chained files may change rate or channels in the middle.
            finishConverter();
            current = new FrameConverter(decoded, AV_SAMPLE_FMT_S16, AudioSource.SAMPLE_RATE);
            converter = current;
        }
        append(current.samples(), current.convert(decoded));
    }

    private void finish() {
        finishConverter();
        ended = true;
    }

    private void finishConverter() {
        FrameConverter current = converter;
        if (current != null) {
            for (int n = current.drain(); n > 0; n = current.drain()) {
                append(current.samples(), n);
            }
            current.close();
            converter = null;
        }
    }

    private void append(SampleConverter samples, int n) {
        if (n == 0) {
            return;
        }
        totalSamples += n;
        if (totalSamples > limits.maxSamples(AudioSource.SAMPLE_RATE)) {
            throw AudioFailure.tooLong(limits.maxSeconds());
        }
        if (blockLength + n > block.length) {
            block = Arrays.copyOf(block, Math.max(block.length * 2, blockLength + n));
        }
        new ShortPointer(samples.output()).get(block, blockLength, n);
        blockLength += n;
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("used before it was opened");
        }
        return value;
    }

    /** Frees all native memory, after the packet in work. */
    @Override
    public void close() {
        stopped = true;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            free();
            if (opened) {
                openReaders.decrementAndGet();
            }
        } finally {
            lock.unlock();
        }
    }

    private void free() {
        if (converter != null) {
            converter.close();
        }
        if (frame != null) {
            av_frame_free(frame);
        }
        if (packet != null) {
            av_packet_free(packet);
        }
        if (codec != null) {
            avcodec_free_context(codec);
        }
        if (container != null) {
            avformat_close_input(container);
        }
        if (io != null) {
            avio_closep(io);
        }
    }
}
