package dev.parlo.engine.audio;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Finds samples that no converter can make sense of. Only float formats can hold them. Keeps its
 * buffers from frame to frame; not thread-safe.
 */
final class NotANumber {
    private float[] floats = new float[0];
    private double[] doubles = new double[0];

    boolean in(AVFrame frame) {
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

    private boolean anyFloat(BytePointer data, int samples) {
        if (floats.length < samples) {
            floats = new float[samples];
        }
        new FloatPointer(data).get(floats, 0, samples);
        for (int i = 0; i < samples; i++) {
            if (!Float.isFinite(floats[i])) {
                return true;
            }
        }
        return false;
    }

    private boolean anyDouble(BytePointer data, int samples) {
        if (doubles.length < samples) {
            doubles = new double[samples];
        }
        new DoublePointer(data).get(doubles, 0, samples);
        for (int i = 0; i < samples; i++) {
            if (!Double.isFinite(doubles[i])) {
                return true;
            }
        }
        return false;
    }
}
