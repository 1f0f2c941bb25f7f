package dev.parlo.engine.audio;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AMR_NB;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AMR_WB;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/** FFmpeg's decoder of one stream. Not thread-safe. */
final class PacketDecoder implements AutoCloseable {
    /** A frame of the largest sane codec is one second at the highest rate. */
    private static final int LARGEST_FRAME_SAMPLES = 1 << 20;

    /** Frame types of AMR and AMR-WB (3GPP TS 26.101, 26.201). */
    private static final int COMFORT_NOISE = 8;

    private static final int COMFORT_NOISE_WIDE = 9;
    private static final int NOTHING_SENT = 15;

    private final AVStream stream;
    private AVCodecContext context;
    private @Nullable String spare;

    /**
     * @throws dev.parlo.engine.EngineException UNSUPPORTED_AUDIO
     */
    PacketDecoder(AVStream stream) {
        this.stream = stream;
        int id = stream.codecpar().codec_id();
        AVCodec usual = avcodec_find_decoder(id);
        if (usual == null || usual.isNull()) {
            throw AudioFailure.unsupported("Its audio codec is unknown.");
        }
        AVCodecContext opened = open(usual, stream);
        if (opened == null) {
            throw AudioFailure.unsupported(
                    "Its audio codec \""
                            + avcodec_get_name(id).getString()
                            + "\" is not accepted or its parameters are damaged.");
        }
        context = opened;
        // FFmpeg's own AMR decoders refuse the frames of discontinuous transmission, by which
        // phones
        // save the pauses of speech; those of opencore make comfort noise of them (RFC 4867,
        // 4.3.2).
        spare =
                id == AV_CODEC_ID_AMR_NB
                        ? "libopencore_amrnb"
                        : id == AV_CODEC_ID_AMR_WB ? "libopencore_amrwb" : null;
    }

    private static @Nullable AVCodecContext open(AVCodec decoder, AVStream stream) {
        AVCodecContext opening = avcodec_alloc_context3(decoder);
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
            avcodec_free_context(opening);
            return null;
        }
        return opening;
    }

    /**
     * As {@code avcodec_send_packet}.
     *
     * @param packet null to have what is still inside come out
     */
    int send(@Nullable AVPacket packet) {
        int result = avcodec_send_packet(context, packet);
        if (result < 0 && result != AVERROR_EAGAIN() && packet != null && takeSpare()) {
            return avcodec_send_packet(context, packet);
        }
        return result;
    }

    /** From the first frame on that the usual decoder refuses; speech goes on within a frame. */
    private boolean takeSpare() {
        String name = spare;
        spare = null;
        AVCodec other = name == null ? null : avcodec_find_decoder_by_name(name);
        AVCodecContext opened = other == null || other.isNull() ? null : open(other, stream);
        if (opened == null) {
            return false;
        }
        avcodec_free_context(context);
        context = opened;
        return true;
    }

    /** Whether a packet says that nothing is spoken: comfort noise, or nothing sent at all. */
    boolean isPause(AVPacket packet) {
        int id = context.codec_id();
        boolean narrow = id == AV_CODEC_ID_AMR_NB;
        if ((!narrow && id != AV_CODEC_ID_AMR_WB) || packet.size() < 1) {
            return false;
        }
        int type = packet.data().get() >> 3 & 0x0f;
        return type == NOTHING_SENT || type == (narrow ? COMFORT_NOISE : COMFORT_NOISE_WIDE);
    }

    /** As {@code avcodec_receive_frame}. */
    int receive(AVFrame frame) {
        return avcodec_receive_frame(context, frame);
    }

    /** The length of a frame where all are alike, else 0. */
    double frameSeconds() {
        int rate = context.sample_rate();
        return rate > 0 && context.frame_size() > 0 ? (double) context.frame_size() / rate : 0;
    }

    @Override
    public void close() {
        avcodec_free_context(context);
    }
}
