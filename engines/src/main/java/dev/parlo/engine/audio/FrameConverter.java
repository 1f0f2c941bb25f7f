package dev.parlo.engine.audio;

import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

/** A {@link SampleConverter} together with the kind of frames that it was made for. */
final class FrameConverter implements AutoCloseable {
    private final int format;
    private final int rate;
    private final AVChannelLayout layout = new AVChannelLayout();
    private final SampleConverter samples;

    /** Null where the channels are not mixed, or are not two. */
    private final @Nullable OppositePhase phase;

    FrameConverter(AVFrame frame, int outputFormat, int outputRate, ChannelMix mix) {
        format = frame.format();
        rate = frame.sample_rate();
        phase = mix instanceof ChannelMix.All ? OppositePhase.of(frame) : null;
        avutil.av_channel_layout_copy(layout, frame.ch_layout());
        try {
            samples = new SampleConverter(layout, format, rate, outputFormat, outputRate, mix);
        } catch (RuntimeException | Error e) {
            freeLayout();
            throw e;
        }
    }

    /** Samples per second of its input. */
    int rate() {
        return rate;
    }

    boolean accepts(AVFrame frame) {
        return frame.format() == format
                && frame.sample_rate() == rate
                && avutil.av_channel_layout_compare(layout, frame.ch_layout()) == 0;
    }

    int convert(AVFrame frame) {
        if (phase != null) {
            phase.correct(frame);
        }
        return samples.convert(frame.extended_data(), frame.nb_samples());
    }

    /** The samples still in the filter; 0 once there are none. */
    int drain() {
        return samples.convert(null, 0);
    }

    SampleConverter samples() {
        return samples;
    }

    @Override
    public void close() {
        samples.close();
        freeLayout();
    }

    private void freeLayout() {
        avutil.av_channel_layout_uninit(layout);
        layout.deallocate();
    }
}
