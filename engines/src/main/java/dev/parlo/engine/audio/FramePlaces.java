package dev.parlo.engine.audio;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * Where frames belong in time: what of the packets could not be decoded, and what the timestamps
 * say is missing. Used by one thread.
 */
final class FramePlaces {
    /** Seconds; a packet that says it is longer has a damaged length. */
    private static final double LONGEST_PACKET = 5;

    private final Demuxer demuxer;
    private final AudioGaps gaps;

    /** Null before the first frame, where there are no timestamps, and where gaps are closed. */
    private @Nullable AudioTimeline timeline;

    /** Seconds of the packet in work that nothing was decoded from yet. */
    private double packetRest;

    /** Seconds of packets refused since the last frame. */
    private double refused;

    FramePlaces(Demuxer demuxer, AudioGaps gaps) {
        this.demuxer = demuxer;
        this.gaps = gaps;
    }

    /** Another link of a chained file begins; its timestamps count from their own start. */
    void restart() {
        if (timeline != null) {
            timeline.restart();
        }
    }

    /** A packet of so many seconds is decoded next. */
    void packet(double seconds) {
        packetRest = Math.min(LONGEST_PACKET, seconds);
    }

    /** What could not be decoded of the packet in work keeps its place in time. */
    void refuse() {
        refused += Math.max(0, packetRest);
        packetRest = 0;
    }

    /** Seconds of packets refused since the last frame. */
    double refused() {
        return refused;
    }

    /** The same in samples of the output, which are accounted for with this. */
    long takeRefused() {
        long samples = Math.round(refused * AudioSource.SAMPLE_RATE);
        refused = 0;
        return samples;
    }

    /**
     * How many samples of the output without audio belong before a frame; negative where it comes
     * that much too early.
     *
     * @param position samples of the output before it, up to now
     */
    long missing(AVFrame decoded, double position) {
        double seconds = (double) decoded.nb_samples() / decoded.sample_rate();
        packetRest -= seconds;
        double timestamp =
                decoded.pts() == AV_NOPTS_VALUE ? Double.NaN : demuxer.seconds(decoded.pts());
        if (!Double.isNaN(timestamp)) {
            demuxer.heard(timestamp + seconds);
        }
        long missing = 0;
        if (gaps == AudioGaps.KEEP) {
            missing = Math.round(refused * AudioSource.SAMPLE_RATE);
            if (timeline == null && demuxer.timestamped()) {
                // Not earlier: the start of some files is only known from their packets.
                timeline = new AudioTimeline(demuxer.start(), demuxer.broadcast());
            }
            if (timeline != null) {
                missing += timeline.place(timestamp, seconds, position + missing);
            }
        }
        refused = 0;
        return missing;
    }
}
