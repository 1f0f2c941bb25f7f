package dev.parlo.engine.audio;

import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S16;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * Writes decoded frames into a block as mono 16 kHz samples, each at its place: time that is
 * missing before one becomes a gap, time that was there already is left out. Not thread-safe.
 */
final class FrameWriter implements AutoCloseable {
    private final SampleBlock block;
    private final ChannelMix mix;
    private @Nullable FrameConverter converter;

    /** Output samples before the converter's first input, and its input since. */
    private long anchor;

    private long fed;

    FrameWriter(SampleBlock block, ChannelMix mix) {
        this.block = block;
        this.mix = mix;
    }

    /** Output samples that belong before the next input, those left out of the block included. */
    double position() {
        FrameConverter current = converter;
        double written =
                current == null
                        ? anchor
                        : anchor + (double) fed * AudioSource.SAMPLE_RATE / current.rate();
        return written + block.leftOut();
    }

    /** So many samples are missing before the next frame; of a negative number it has too many. */
    void place(long missing) {
        if (missing > 0) {
            finish();
            block.gap(missing);
            anchor = block.position();
        } else if (missing < 0) {
            block.drop(-missing);
            anchor += missing;
        }
    }

    /**
     * @param pausing whether nothing is said in the frame, so that it may be left out
     */
    void write(AVFrame frame, boolean pausing) {
        if (isLeftOut(frame, pausing)) {
            return;
        }
        FrameConverter current = converter;
        if (current == null || !current.accepts(frame)) {
            // Chained files may change rate or channels in the middle.
            finish();
            current = new FrameConverter(frame, AV_SAMPLE_FMT_S16, AudioSource.SAMPLE_RATE, mix);
            converter = current;
        }
        fed += frame.nb_samples();
        block.append(current.samples(), current.convert(frame));
    }

    /** Whether a frame belongs to a pause of which there was enough. */
    private boolean isLeftOut(AVFrame frame, boolean pausing) {
        if (!pausing) {
            block.speech();
            return false;
        }
        finish();
        long samples = (long) frame.nb_samples() * AudioSource.SAMPLE_RATE / frame.sample_rate();
        return block.pause(samples);
    }

    /** Writes what the converter holds back; the next frame begins anew. */
    void finish() {
        FrameConverter current = converter;
        if (current != null) {
            for (int n = current.drain(); n > 0; n = current.drain()) {
                block.append(current.samples(), n);
            }
            current.close();
            converter = null;
        }
        anchor = block.position();
        fed = 0;
    }

    @Override
    public void close() {
        if (converter != null) {
            converter.close();
        }
    }
}
