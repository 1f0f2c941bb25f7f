package dev.parlo.engine.audio;

import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_DBL;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLT;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S16;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S32;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_U8;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_get_bytes_per_sample;
import static org.bytedeco.ffmpeg.global.avutil.av_get_packed_sample_fmt;
import static org.bytedeco.ffmpeg.global.avutil.av_sample_fmt_is_planar;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * Turns one channel of a stereo recording over while it is the other one upside down, as a cable
 * with swapped poles makes it: their average would be silence. For frames of one kind. Not
 * thread-safe.
 */
final class OppositePhase {
    /** Powers of sum to difference below which the channels cancel each other: 17 dB. */
    private static final double CANCELLED = 0.02;

    /** The same from which on they no longer do. */
    private static final double APART = 0.25;

    /** Seconds after which what was heard counts for a third. */
    private static final double MEMORY = 0.05;

    /** Every fourth sample says enough of how alike two channels are. */
    private static final int STEP = 4;

    private final int format;
    private final int sampleBytes;
    private final boolean planar;

    /** Between two samples of a channel, and of the second channel's first in its plane. */
    private final int stride;

    private final int offset;
    private double sum;
    private double difference;
    private boolean turned;

    private OppositePhase(int format, boolean planar) {
        this.format = format;
        this.planar = planar;
        sampleBytes = av_get_bytes_per_sample(format);
        stride = planar ? 1 : 2;
        offset = planar ? 0 : 1;
    }

    /** For frames such as this one; null where they are not stereo. */
    static @Nullable OppositePhase of(AVFrame frame) {
        int format = av_get_packed_sample_fmt(frame.format());
        return frame.ch_layout().nb_channels() == 2 && isKnown(format)
                ? new OppositePhase(format, av_sample_fmt_is_planar(frame.format()) != 0)
                : null;
    }

    /** Turns the second channel of a frame over where that is needed. */
    void correct(AVFrame frame) {
        if (frame.nb_samples() == 0) {
            return;
        }
        measure(frame);
        turned = sum < (turned ? APART : CANCELLED) * difference;
        if (turned && av_frame_make_writable(frame) >= 0) {
            turn(frame);
        }
    }

    private void measure(AVFrame frame) {
        ByteBuffer left = plane(frame, 0);
        ByteBuffer right = plane(frame, 1);
        double together = 0;
        double apart = 0;
        for (int i = 0; i < frame.nb_samples(); i += STEP) {
            double a = sample(left, i * stride);
            double b = sample(right, i * stride + offset);
            together += (a + b) * (a + b);
            apart += (a - b) * (a - b);
        }
        double kept = Math.exp(-frame.nb_samples() / (MEMORY * frame.sample_rate()));
        sum = kept * sum + together;
        difference = kept * difference + apart;
    }

    private void turn(AVFrame frame) {
        ByteBuffer right = plane(frame, 1);
        for (int i = 0; i < frame.nb_samples(); i++) {
            negate(right, i * stride + offset);
        }
    }

    private ByteBuffer plane(AVFrame frame, int channel) {
        return frame.extended_data(planar ? channel : 0)
                .capacity((long) frame.nb_samples() * stride * sampleBytes)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder());
    }

    private static boolean isKnown(int format) {
        return format == AV_SAMPLE_FMT_U8
                || format == AV_SAMPLE_FMT_S16
                || format == AV_SAMPLE_FMT_S32
                || format == AV_SAMPLE_FMT_FLT
                || format == AV_SAMPLE_FMT_DBL;
    }

    /** At the scale of its format. */
    private double sample(ByteBuffer bytes, int index) {
        if (format == AV_SAMPLE_FMT_U8) {
            return (bytes.get(index) & 0xff) - 128;
        } else if (format == AV_SAMPLE_FMT_S16) {
            return bytes.getShort(index * Short.BYTES);
        } else if (format == AV_SAMPLE_FMT_S32) {
            return bytes.getInt(index * Integer.BYTES);
        } else if (format == AV_SAMPLE_FMT_FLT) {
            return bytes.getFloat(index * Float.BYTES);
        }
        return bytes.getDouble(index * Double.BYTES);
    }

    /** The lowest of a whole number has no opposite; the one next to it is taken. */
    private void negate(ByteBuffer bytes, int index) {
        if (format == AV_SAMPLE_FMT_U8) {
            bytes.put(index, (byte) Math.min(255, 256 - (bytes.get(index) & 0xff)));
        } else if (format == AV_SAMPLE_FMT_S16) {
            int at = index * Short.BYTES;
            bytes.putShort(at, (short) Math.min(Short.MAX_VALUE, -bytes.getShort(at)));
        } else if (format == AV_SAMPLE_FMT_S32) {
            int at = index * Integer.BYTES;
            bytes.putInt(at, (int) Math.min(Integer.MAX_VALUE, -(long) bytes.getInt(at)));
        } else if (format == AV_SAMPLE_FMT_FLT) {
            int at = index * Float.BYTES;
            bytes.putFloat(at, -bytes.getFloat(at));
        } else {
            int at = index * Double.BYTES;
            bytes.putDouble(at, -bytes.getDouble(at));
        }
    }
}
