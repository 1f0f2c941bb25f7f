package dev.parlo.engine.audio;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_BITEXACT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_GLOBALHEADER;
import static org.bytedeco.ffmpeg.global.avformat.av_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avformat.avio_flush;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_copy;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avformat.Write_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.jspecify.annotations.Nullable;

/**
 * An encoder and a muxer of FFmpeg. What the muxer holds back is forced out after each call, so a
 * chunk of speech leaves when it was given, except for the samples that do not fill a frame.
 */
final class CodecEncoder implements SampleEncoder {
    /** What is to be made and with which settings. */
    record Recipe(String muxer, String encoder, int sampleFormat, Map<String, String> muxing) {}

    private static final int IO_BUFFER_BYTES = 1 << 14;

    /** Where the muxer's bytes of the call in work go. */
    private static final ScopedValue<ByteArrayOutputStream> SINK = ScopedValue.newInstance();

    /**
     * One callback for all encoders, since JavaCPP has room for ten of a kind. It knows whose bytes
     * they are because muxers write on the thread that calls them.
     */
    private static final class Callback {
        static final Write_packet_Pointer_BytePointer_int WRITE =
                new Write_packet_Pointer_BytePointer_int() {
                    @Override
                    public int call(Pointer opaque, BytePointer bytes, int length) {
                        byte[] copy = new byte[length];
                        bytes.get(copy, 0, length);
                        SINK.get().writeBytes(copy);
                        return length;
                    }
                };
    }

    private final Recipe recipe;
    private final int rate;
    private final int bitRate;
    private @Nullable AVFormatContext container;
    private @Nullable AVIOContext io;
    private @Nullable AVCodecContext codec;
    private @Nullable AVFrame frame;
    private @Nullable AVPacket packet;
    private @Nullable AVStream stream;
    private float[] pending = new float[0];
    private int pendingLength;
    private long samplesSent;
    private boolean packetsToFlush;
    private boolean closed;

    CodecEncoder(Recipe recipe, int rate, int bitRate) {
        this.recipe = recipe;
        this.rate = rate;
        this.bitRate = bitRate;
    }

    @Override
    public byte[] start() {
        return collect(this::open);
    }

    @Override
    public byte[] encode(float[] samples) {
        return collect(() -> {
            int offset = 0;
            while (offset < samples.length) {
                int n = Math.min(samples.length - offset, pending.length - pendingLength);
                System.arraycopy(samples, offset, pending, pendingLength, n);
                offset += n;
                pendingLength += n;
                if (pendingLength == pending.length) {
                    sendPending();
                }
            }
            flushMuxer();
        });
    }

    @Override
    public byte[] finish() {
        return collect(() -> {
            if (pendingLength > 0) {
                sendPending();
            }
            check(avcodec_send_frame(present(codec), null), "finish");
            receivePackets();
            check(av_write_trailer(present(container)), "finish");
        });
    }

    /** Closes the page, cluster or fragment in work. */
    private void flushMuxer() {
        if (packetsToFlush) {
            packetsToFlush = false;
            check(av_write_frame(present(container), null), "flush");
            // The first flush of MP4 writes only its header.
            check(av_write_frame(present(container), null), "flush");
        }
    }

    private byte[] collect(Runnable work) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ScopedValue.where(SINK, bytes)
                .run(() -> {
                    work.run();
                    avio_flush(present(io));
                });
        return bytes.toByteArray();
    }

    private void open() {
        AVFormatContext output = new AVFormatContext(null);
        check(avformat_alloc_output_context2(output, null, recipe.muxer, null), "open");
        container = output;
        AVIOContext bytes =
                avio_alloc_context(
                        new BytePointer(av_malloc(IO_BUFFER_BYTES)),
                        IO_BUFFER_BYTES,
                        1,
                        null,
                        null,
                        Callback.WRITE,
                        null);
        bytes.seekable(0);
        io = bytes;
        output.pb(bytes);
        // Bit-exact leaves out version strings and random serials: same text, same bytes.
        output.flags(
                output.flags()
                        | AVFormatContext.AVFMT_FLAG_CUSTOM_IO
                        | AVFormatContext.AVFMT_FLAG_BITEXACT);
        output.metadata_header_padding(0);
        AVCodecContext encoder = openCodec((output.oformat().flags() & AVFMT_GLOBALHEADER) != 0);
        AVStream made = avformat_new_stream(output, null);
        stream = made;
        made.time_base(encoder.time_base());
        check(avcodec_parameters_from_context(made.codecpar(), encoder), "open");
        AVDictionary options = new AVDictionary(null);
        recipe.muxing.forEach((name, value) -> av_dict_set(options, name, value, 0));
        int result = avformat_write_header(output, options);
        av_dict_free(options);
        check(result, "open");
        packet = av_packet_alloc();
        allocateFrame(encoder);
    }

    private AVCodecContext openCodec(boolean globalHeader) {
        AVCodec found = avcodec_find_encoder_by_name(recipe.encoder);
        if (found == null || found.isNull()) {
            throw new EngineException(
                    Category.INTERNAL, "This FFmpeg has no encoder " + recipe.encoder + ".");
        }
        AVCodecContext encoder = avcodec_alloc_context3(found);
        codec = encoder;
        encoder.sample_rate(rate);
        encoder.sample_fmt(recipe.sampleFormat);
        av_channel_layout_default(encoder.ch_layout(), 1);
        encoder.time_base(av_make_q(1, rate));
        encoder.thread_count(1);
        encoder.bit_rate(bitRate);
        encoder.flags(
                encoder.flags()
                        | AV_CODEC_FLAG_BITEXACT
                        | (globalHeader ? AV_CODEC_FLAG_GLOBAL_HEADER : 0));
        check(avcodec_open2(encoder, found, (AVDictionary) null), "open");
        pending = new float[encoder.frame_size()];
        return encoder;
    }

    private void allocateFrame(AVCodecContext encoder) {
        AVFrame made = av_frame_alloc();
        frame = made;
        made.nb_samples(encoder.frame_size());
        made.format(encoder.sample_fmt());
        made.sample_rate(rate);
        check(av_channel_layout_copy(made.ch_layout(), encoder.ch_layout()), "open");
        check(av_frame_get_buffer(made, 0), "open");
    }

    private void sendPending() {
        AVFrame filling = present(frame);
        // The encoder may still hold the frame's buffer.
        check(av_frame_make_writable(filling), "encode");
        filling.nb_samples(pendingLength);
        filling.pts(samplesSent);
        if (recipe.sampleFormat == avutil.AV_SAMPLE_FMT_S16) {
            short[] values = new short[pendingLength];
            for (int i = 0; i < pendingLength; i++) {
                values[i] = SampleEncoder.toShort(pending[i]);
            }
            new ShortPointer(filling.data(0)).put(values, 0, pendingLength);
        } else {
            new FloatPointer(filling.data(0)).put(pending, 0, pendingLength);
        }
        samplesSent += pendingLength;
        pendingLength = 0;
        check(avcodec_send_frame(present(codec), filling), "encode");
        receivePackets();
    }

    private void receivePackets() {
        AVPacket received = present(packet);
        AVCodecContext encoder = present(codec);
        AVStream target = present(stream);
        while (true) {
            int result = avcodec_receive_packet(encoder, received);
            if (result == AVERROR_EAGAIN() || result == AVERROR_EOF) {
                return;
            }
            check(result, "encode");
            av_packet_rescale_ts(received, encoder.time_base(), target.time_base());
            received.stream_index(0);
            result = av_write_frame(present(container), received);
            av_packet_unref(received);
            check(result, "write");
            packetsToFlush = true;
        }
    }

    private void check(int result, String what) {
        if (result < 0) {
            throw new EngineException(
                    Category.INTERNAL,
                    "Could not "
                            + what
                            + " "
                            + recipe.muxer
                            + " audio at "
                            + rate
                            + " Hz: "
                            + AudioNatives.describe(result)
                            + ".");
        }
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("used before it was started");
        }
        return value;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
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
            avformat_free_context(container);
        }
        if (io != null) {
            // Muxers may have replaced the buffer by a larger one.
            av_free(io.buffer());
            avio_context_free(io);
        }
    }
}
