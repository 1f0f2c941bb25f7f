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

    private final AVCodecContext context;

    /**
     * @throws dev.parlo.engine.EngineException UNSUPPORTED_AUDIO
     */
    PacketDecoder(AVStream stream) {
        int id = stream.codecpar().codec_id();
        AVCodec preferred = preferred(id);
        AVCodecContext opened = preferred == null ? null : open(preferred, stream);
        if (opened == null) {
            AVCodec usual = avcodec_find_decoder(id);
            if (usual == null || usual.isNull()) {
                throw AudioFailure.unsupported("Its audio codec is unknown.");
            }
            opened = open(usual, stream);
        }
        if (opened == null) {
            throw AudioFailure.unsupported(
                    "Its audio codec \""
                            + avcodec_get_name(id).getString()
                            + "\" is not accepted or its parameters are damaged.");
        }
        context = opened;
    }

    /**
     * FFmpeg's own AMR decoders refuse the frames of discontinuous transmission, by which phones
     * save the pauses of speech; those of opencore make comfort noise of them (RFC 4867, 4.3.2).
     */
    private static @Nullable AVCodec preferred(int id) {
        String name =
                id == AV_CODEC_ID_AMR_NB
                        ? "libopencore_amrnb"
                        : id == AV_CODEC_ID_AMR_WB ? "libopencore_amrwb" : null;
        AVCodec found = name == null ? null : avcodec_find_decoder_by_name(name);
        return found == null || found.isNull() ? null : found;
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
        return avcodec_send_packet(context, packet);
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
