package dev.parlo.engine.audio;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;

import java.util.Arrays;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodec;

/**
 * What FFmpeg may open. Its other demuxers and decoders are old, rarely tested parsers, or (as hls,
 * dash, concat, sdp) open further files and addresses that the input names.
 */
final class InputAllowList {
    /** Names of demuxers, of which a file is recognised by its content. */
    static final String DEMUXERS =
            String.join(
                    ",",
                    "wav",
                    "w64",
                    "aiff",
                    "au",
                    "caf",
                    "voc",
                    "flac",
                    "ogg",
                    "mp3",
                    "aac",
                    "loas",
                    "mov",
                    "matroska",
                    "amr",
                    "avi",
                    "flv",
                    "asf",
                    "mpegts",
                    "mpeg",
                    "mxf",
                    "nistsphere",
                    "bit",
                    "ac3",
                    "eac3",
                    "dts",
                    "dtshd",
                    "truehd",
                    "mlp",
                    "ape",
                    "wv",
                    "tta");

    /** Names of decoders. Those of pictures are absent, so that pictures are never decoded. */
    static final String DECODERS =
            String.join(
                    ",",
                    "pcm_s8",
                    "pcm_u8",
                    "pcm_s16le",
                    "pcm_s16be",
                    "pcm_u16le",
                    "pcm_u16be",
                    "pcm_s24le",
                    "pcm_s24be",
                    "pcm_u24le",
                    "pcm_u24be",
                    "pcm_s32le",
                    "pcm_s32be",
                    "pcm_u32le",
                    "pcm_u32be",
                    "pcm_s64le",
                    "pcm_s64be",
                    "pcm_f32le",
                    "pcm_f32be",
                    "pcm_f64le",
                    "pcm_f64be",
                    "pcm_alaw",
                    "pcm_mulaw",
                    "pcm_bluray",
                    "pcm_dvd",
                    "adpcm_ms",
                    "adpcm_ima_wav",
                    "adpcm_ima_qt",
                    "adpcm_swf",
                    "adpcm_yamaha",
                    "g722",
                    "g726",
                    "g726le",
                    "g729",
                    "gsm",
                    "gsm_ms",
                    "mp1",
                    "mp1float",
                    "mp2",
                    "mp2float",
                    "mp3",
                    "mp3float",
                    "aac",
                    "aac_latm",
                    "ac3",
                    "eac3",
                    "dca",
                    "truehd",
                    "mlp",
                    "flac",
                    "alac",
                    "ape",
                    "tta",
                    "wavpack",
                    "opus",
                    "libopus",
                    "vorbis",
                    "speex",
                    "libspeex",
                    "nellymoser",
                    "amrnb",
                    "libopencore_amrnb",
                    "amrwb",
                    "libopencore_amrwb",
                    "wmav1",
                    "wmav2",
                    "wmapro",
                    "wmalossless",
                    "wmavoice");

    private static final Set<String> DEMUXER_NAMES = Set.of(DEMUXERS.split(","));
    private static final Set<String> DECODER_NAMES = Set.of(DECODERS.split(","));

    private InputAllowList() {}

    /**
     * Whether files of this format are read.
     *
     * @param names as FFmpeg has them, such as {@code mov,mp4,m4a}
     */
    static boolean opens(String names) {
        return Arrays.stream(names.split(",")).anyMatch(DEMUXER_NAMES::contains);
    }

    /** Whether a stream of this codec can be heard. */
    static boolean decodes(int codec) {
        AVCodec usual = avcodec_find_decoder(codec);
        return usual != null && !usual.isNull() && DECODER_NAMES.contains(usual.name().getString());
    }
}
