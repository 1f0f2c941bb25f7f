package dev.parlo.engine.audio;

import static org.bytedeco.ffmpeg.global.avformat.AVFMT_DURATION_FROM_BITRATE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.jspecify.annotations.Nullable;

/** How long a file's header says that it is, against what was found in it. Used by one thread. */
final class AnnouncedLength {
    /** Containers that say at their beginning how long they are. */
    private static final Set<String> ANNOUNCING =
            Set.of("mov", "matroska", "flac", "mp3", "caf", "tta", "ape", "flv", "asf");

    /** Seconds by which a file may be shorter than it says. */
    private static final double SHORTFALL = 1;

    private final Path file;
    private final @Nullable WaveHeader header;
    private double end;

    AnnouncedLength(Path file, @Nullable WaveHeader header) {
        this.file = file;
        this.header = header;
    }

    /** There is sound until then, in seconds of the file. */
    void heard(double until) {
        end = Math.max(end, until);
    }

    /**
     * At the end: that it comes before the header says, of an upload that was cut off mostly; null
     * where it does not.
     */
    @Nullable String shortfall(AVFormatContext container, AVStream stream, String format) {
        WaveHeader wave = header;
        if (wave != null && wave.announced() > 0) {
            // By bytes: the rate that such a header tells of compressed samples is often wrong.
            return shortfall(end * wave.announced() / bytesBehind(wave));
        }
        if (!ANNOUNCING.contains(format)
                || container.duration_estimation_method() == AVFMT_DURATION_FROM_BITRATE) {
            return null;
        }
        if (stream.duration() > 0) {
            AVRational clock = stream.time_base();
            return shortfall((double) stream.duration() * clock.num() / clock.den());
        }
        boolean alone = container.nb_streams() == 1 && container.duration() > 0;
        return shortfall(alone ? container.duration() / 1e6 : 0);
    }

    private @Nullable String shortfall(double announced) {
        return announced - end > SHORTFALL
                ? String.format(Locale.ROOT, "its header announces %.2f s", announced)
                : null;
    }

    private double bytesBehind(WaveHeader wave) {
        try {
            return Math.max(1, Files.size(file) - wave.start());
        } catch (IOException e) {
            throw AudioFailure.unreadable(e);
        }
    }
}
