package dev.parlo.engine.audio;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/** Finds samples that no converter can make sense of. Only float formats can hold them. */
final class NotANumber {
    private NotANumber() {}

    static boolean in(AVFrame frame) {
        int format = frame.format();
        boolean wide = format == avutil.AV_SAMPLE_FMT_DBL || format == avutil.AV_SAMPLE_FMT_DBLP;
        if (!wide && format != avutil.AV_SAMPLE_FMT_FLT && format != avutil.AV_SAMPLE_FMT_FLTP) {
            return false;
        }
        boolean planar = avutil.av_sample_fmt_is_planar(format) != 0;
        int channels = frame.ch_layout().nb_channels();
        int planes = planar ? channels : 1;
        int perPlane = frame.nb_samples() * (planar ? 1 : channels);
        for (int plane = 0; plane < planes; plane++) {
            BytePointer data = frame.extended_data(plane);
            if (wide ? anyDouble(data, perPlane) : anyFloat(data, perPlane)) {
                return true;
            }
        }
        return false;
    }

    private static boolean anyFloat(BytePointer data, int samples) {
        float[] values = new float[samples];
        new org.bytedeco.javacpp.FloatPointer(data).get(values);
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean anyDouble(BytePointer data, int samples) {
        double[] values = new double[samples];
        new org.bytedeco.javacpp.DoublePointer(data).get(values);
        for (double value : values) {
            if (!Double.isFinite(value)) {
                return true;
            }
        }
        return false;
    }
}
