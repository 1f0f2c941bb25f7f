package dev.parlo.engine.audio;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder_by_name;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_TS_DISCONT;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_READ;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_find_input_format;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open2;
import static org.bytedeco.ffmpeg.global.avformat.avio_tell;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.jspecify.annotations.Nullable;

/**
 * The packets of a file's best audio stream, link after link of a chained Ogg. Not thread-safe;
 * nothing native is held before {@link #open}.
 */
final class Demuxer implements AutoCloseable {
    /** What {@link #read} found. */
    enum Found {
        /** A packet of the stream. */
        PACKET,
        /** Something else; there may be more. */
        NOTHING,
        /** The end of a link of a chained Ogg: {@link #openNextLink} goes on. */
        LINK,
        END
    }

    /** Streams without a container: where a packet ends is the parser's guess. */
    private static final Set<String> ELEMENTARY =
            Set.of(
                    "mp3", "aac", "loas", "ac3", "eac3", "dts", "dtshd", "truehd", "mlp", "bit",
                    "flac");

    /** Errors after which a demuxer is asked to find its way again. */
    private static final int MOST_ERRORS = 100;

    private final Path file;
    private @Nullable RawAudio raw;
    private @Nullable WaveHeader header;
    private AnnouncedLength length;
    private @Nullable AVIOContext io;
    private @Nullable AVFormatContext container;
    private int streamIndex;
    private String format = "";
    private boolean chained;
    private long linkEnd;
    private long errorAt = -1;
    private int errors;
    private double start = Double.NaN;
    private @Nullable String truncation;

    /**
     * @param raw of a file without a container, null for one whose content tells what it is
     */
    Demuxer(Path file, @Nullable RawAudio raw) {
        this.file = file;
        this.raw = raw;
        this.length = new AnnouncedLength(file, null);
    }

    /**
     * Opens the file.
     *
     * @throws EngineException UNSUPPORTED_AUDIO, BAD_AUDIO
     */
    void open() {
        chained = raw == null && isOgg();
        header = raw == null && !chained ? header() : null;
        length = new AnnouncedLength(file, header);
        try {
            openLink(0);
        } catch (EngineException unreadable) {
            if (!openNextLink()) {
                throw unreadable;
            }
            skipLink();
        }
    }

    private boolean isOgg() {
        try {
            return OggLinks.isOgg(file);
        } catch (IOException e) {
            throw AudioFailure.unreadable(e);
        }
    }

    private @Nullable WaveHeader header() {
        try {
            return WaveHeader.read(file).orElse(null);
        } catch (IOException e) {
            throw AudioFailure.unreadable(e);
        }
    }

    private void openLink(long start) {
        close();
        linkEnd = Long.MAX_VALUE;
        String url = "file:" + file.toAbsolutePath();
        WaveHeader wave = header;
        if (wave != null && wave.samples() != null && !wave.readable()) {
            raw = wave.samples();
            url = "subfile,,start," + wave.start() + ",end,0,,:" + url;
        }
        if (chained) {
            // FFmpeg stops where a later link has other channels, and gives it wrong timestamps
            // where it does not: each link is opened as a file.
            try {
                linkEnd = OggLinks.next(file, start);
            } catch (IOException e) {
                throw AudioFailure.unreadable(e);
            }
            if (start > 0 || linkEnd < size()) {
                url = "subfile,,start," + start + ",end," + linkEnd + ",,:" + url;
            }
        }
        AVIOContext bytes = new AVIOContext(null);
        int result = avio_open2(bytes, url, AVIO_FLAG_READ, null, (AVDictionary) null);
        if (result < 0) {
            throw AudioFailure.broken(
                    "The file cannot be opened: " + AudioNatives.describe(result) + ".");
        }
        io = bytes;
        openContainer(bytes);
    }

    private void openContainer(AVIOContext bytes) {
        AVInputFormat input;
        AVDictionary options = new AVDictionary(null);
        RawAudio bare = raw;
        if (bare == null) {
            input = Recognition.of(bytes);
            // For what a container opens inside of itself, such as the subtitles of an AVI.
            av_dict_set(options, "format_whitelist", InputAllowList.DEMUXERS, 0);
        } else {
            input = av_find_input_format(bare.demuxer());
            if (bare.choosesRate()) {
                av_dict_set(options, "sample_rate", Integer.toString(bare.rate()), 0);
                av_dict_set(options, "ch_layout", bare.channels() + " channels", 0);
            }
        }
        AVFormatContext opening = avformat_alloc_context();
        opening.pb(bytes);
        av_dict_set(options, "codec_whitelist", InputAllowList.DECODERS, 0);
        // The file itself is open already; nothing that it names may be opened.
        av_dict_set(options, "protocol_whitelist", "none", 0);
        av_dict_set(options, "max_streams", "64", 0);
        int result = avformat_open_input(opening, "", input, options);
        av_dict_free(options);
        if (result < 0) {
            // FFmpeg has freed the context.
            throw AudioFailure.unsupported(
                    "Its content looks like "
                            + Recognition.name(input)
                            + ", but cannot be read: "
                            + AudioNatives.describe(result)
                            + ".");
        }
        container = opening;
        String names = opening.iformat().name().getString();
        format = names.contains(",") ? names.substring(0, names.indexOf(',')) : names;
        result = avformat_find_stream_info(opening, (AVDictionary) null);
        if (result < 0) {
            throw AudioFailure.unsupported(
                    "Its streams cannot be read: " + AudioNatives.describe(result) + ".");
        }
        chooseStream(opening);
        if (format.equals("wav")) {
            turnEndian(stream().codecpar());
        }
    }

    /** FFmpeg reads the header of a RIFX, the WAV of big-endian machines, but not its samples. */
    private void turnEndian(AVCodecParameters codec) {
        WaveHeader wave = header;
        RawAudio samples = wave == null ? null : wave.samples();
        if (samples != null && samples.demuxer().endsWith("be")) {
            codec.codec_id(avcodec_find_decoder_by_name("pcm_" + samples.demuxer()).id());
        }
    }

    private void chooseStream(AVFormatContext streams) {
        int best = av_find_best_stream(streams, AVMEDIA_TYPE_AUDIO, -1, -1, (AVCodec) null, 0);
        if (best < 0) {
            throw AudioFailure.unsupported("It has no audio stream.");
        }
        best = audible(streams, best);
        streamIndex = best;
        start = streams.start_time() == AV_NOPTS_VALUE ? Double.NaN : streams.start_time() / 1e6;
        for (int i = 0; i < streams.nb_streams(); i++) {
            AVStream other = streams.streams(i);
            if (i != best && !isPictures(other)) {
                other.discard(AVDISCARD_ALL);
            }
        }
    }

    /** A film may have its sound a second time, for players without the codec of the first. */
    private static int audible(AVFormatContext streams, int best) {
        for (int i = -1; i < streams.nb_streams(); i++) {
            int index = i < 0 ? best : i;
            AVCodecParameters codec = streams.streams(index).codecpar();
            if (codec.codec_type() == AVMEDIA_TYPE_AUDIO
                    && InputAllowList.decodes(codec.codec_id())) {
                return index;
            }
        }
        return best;
    }

    private static boolean isPictures(AVStream stream) {
        return stream.codecpar().codec_type() == AVMEDIA_TYPE_VIDEO
                && (stream.disposition() & AV_DISPOSITION_ATTACHED_PIC) == 0;
    }

    AVStream stream() {
        return present(container).streams(streamIndex);
    }

    /** Ticks of the stream's clock in seconds. A chained Ogg changes the clock with the rate. */
    double seconds(long ticks) {
        AVRational clock = stream().time_base();
        return (double) ticks * clock.num() / clock.den();
    }

    /**
     * Whether the timestamps of its packets say when they are to be heard. Those of an elementary
     * stream only count what was found; those of AVI follow from sizes that are often wrong.
     */
    boolean timestamped() {
        return !elementary() && !format.equals("avi");
    }

    /** Whether packets are found by looking for what resembles one. */
    boolean elementary() {
        return ELEMENTARY.contains(format);
    }

    /**
     * Seconds at which the file starts, pictures included; NaN where it does not say. Final from
     * the first packet of the stream on.
     */
    double start() {
        return start;
    }

    /** Whether timestamps may begin anew in the middle. */
    boolean broadcast() {
        return (present(container).iformat().flags() & AVFMT_TS_DISCONT) != 0;
    }

    /** Reads on; the packet is filled for PACKET and to be unreferenced for NOTHING as well. */
    Found read(AVPacket packet) {
        AVIOContext bytes = present(io);
        int result = av_read_frame(present(container), packet);
        if (result >= 0) {
            if (packet.stream_index() != streamIndex) {
                startOfOther(packet);
                return Found.NOTHING;
            }
            if (packet.pts() != AV_NOPTS_VALUE) {
                heard(seconds(packet.pts() + Math.max(0, packet.duration())));
            }
            return Found.PACKET;
        }
        if (result != AVERROR_EOF) {
            // Some demuxers skip what they do not understand and go on when asked again.
            long at = avio_tell(bytes);
            if (at > errorAt && ++errors <= MOST_ERRORS) {
                errorAt = at;
                return Found.NOTHING;
            }
            truncation = AudioNatives.describe(result);
        } else if (bytes.error() < 0 && bytes.error() != AVERROR_EOF) {
            truncation = AudioNatives.describe(bytes.error());
        } else if (truncation == null) {
            truncation = length.shortfall(present(container), stream(), format);
        }
        return linkEnd < size() ? Found.LINK : Found.END;
    }

    /**
     * Takes the start of pictures that FFmpeg did not find out. H.264 in Matroska has no decoding
     * times, and FFmpeg only orders its frames with the decoder, which is not allowed here.
     */
    private void startOfOther(AVPacket packet) {
        AVStream other = present(container).streams(packet.stream_index());
        if (packet.dts() == AV_NOPTS_VALUE && packet.pts() != AV_NOPTS_VALUE) {
            AVRational clock = other.time_base();
            start = Math.min(start, (double) packet.pts() * clock.num() / clock.den());
        }
        other.discard(AVDISCARD_ALL);
    }

    private long size() {
        try {
            return chained ? Files.size(file) : 0;
        } catch (IOException e) {
            throw AudioFailure.unreadable(e);
        }
    }

    /** A frame was heard until then; some containers do not say how long their packets are. */
    void heard(double until) {
        length.heard(until);
    }

    /**
     * Opens the next link, or the first one after it that can be opened.
     *
     * @return false where none can be; {@link #truncation} says so
     */
    boolean openNextLink() {
        while (linkEnd < size()) {
            try {
                openLink(linkEnd);
                errorAt = -1;
                return true;
            } catch (EngineException unreadable) {
                skipLink();
            }
        }
        return false;
    }

    /** Tells that nothing can be made of the link that was opened last. */
    void skipLink() {
        truncation = "one of the chained parts cannot be decoded";
    }

    /** Why not all of the file could be read; null where it could be, as far as is known. */
    @Nullable String truncation() {
        return truncation;
    }

    @Override
    public void close() {
        if (container != null) {
            avformat_close_input(container);
            container = null;
        }
        if (io != null) {
            avio_closep(io);
            io = null;
        }
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("used before it was opened");
        }
        return value;
    }
}
