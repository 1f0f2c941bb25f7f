package dev.parlo.engine.audio;

import java.util.Arrays;
import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * Changes the sample rate of one mono stream, piece by piece, as if it were given at once: a
 * windowed-sinc filter of libswresample, so that what lies above the new half rate does not alias.
 * Values may overshoot the input's range slightly. Runs on the calling thread; not thread-safe.
 */
public final class Resampler implements AutoCloseable {
    /**
     * Samples that are converted at a time. libswresample keeps several buffers of the longest
     * piece that it was ever given, so that half a minute of speech would cost every answer that is
     * being sent some fifteen megabytes outside of the heap.
     */
    private static final int BLOCK_SAMPLES = 1 << 13;

    /** By which an output may be longer than the rates say: what the filter held back before. */
    private static final int SPARE_SAMPLES = 64;

    private final int inputRate;
    private final int outputRate;

    /** From the first samples on, where there is anything to convert. */
    private @Nullable SampleConverter converter;

    private @Nullable PointerPointer<FloatPointer> planes;
    private @Nullable FloatPointer input;
    private boolean finished;

    /**
     * Begins a stream; what is native begins with its first samples.
     *
     * @param inputRate samples per second, 1000 to 768000
     * @param outputRate likewise; the same rate passes samples through untouched
     * @throws IllegalArgumentException for other rates
     */
    public Resampler(int inputRate, int outputRate) {
        requireRates(inputRate, outputRate);
        this.inputRate = inputRate;
        this.outputRate = outputRate;
    }

    private SampleConverter opened() {
        AudioNatives.load();
        try (AVChannelLayout mono = new AVChannelLayout()) {
            avutil.av_channel_layout_default(mono, 1);
            return new SampleConverter(
                    mono,
                    avutil.AV_SAMPLE_FMT_FLT,
                    inputRate,
                    avutil.AV_SAMPLE_FMT_FLT,
                    outputRate,
                    new ChannelMix.All());
        }
    }

    /**
     * @throws IllegalArgumentException for rates that it cannot convert
     */
    static void requireRates(int inputRate, int outputRate) {
        requireRate("inputRate", inputRate);
        requireRate("outputRate", outputRate);
    }

    private static void requireRate(String name, int rate) {
        if (rate < 1_000 || rate > 768_000) {
            throw new IllegalArgumentException(
                    name + " is " + rate + " Hz, accepted are 1000 to 768000 Hz");
        }
    }

    /**
     * Takes samples and yields what can be said by now; the filter holds some back until it has
     * seen what follows.
     *
     * @param samples mono; not changed
     * @param n how many of them, from the first on
     * @return mono at the other rate; possibly none
     * @throws IllegalStateException after {@link #finish}
     */
    public float[] resample(float[] samples, int n) {
        if (finished) {
            throw new IllegalStateException("the stream was finished");
        }
        if (inputRate == outputRate) {
            return Arrays.copyOf(samples, n);
        }
        if (n == 0) {
            return new float[0];
        }
        if (converter == null) {
            converter = opened();
        }
        if (planes == null) {
            planes = new PointerPointer<>(1);
        }
        FloatPointer room = input;
        if (room == null) {
            room = new FloatPointer(BLOCK_SAMPLES);
            input = room;
            planes.put(0, room);
        }
        float[] made = new float[(int) ((long) n * outputRate / inputRate) + SPARE_SAMPLES];
        int length = 0;
        for (int at = 0; at < n; at += BLOCK_SAMPLES) {
            int block = Math.min(BLOCK_SAMPLES, n - at);
            room.put(samples, at, block);
            int count = converter.convert(planes, block);
            if (length + count > made.length) {
                made = Arrays.copyOf(made, Math.max(length + count, 2 * made.length));
            }
            new FloatPointer(converter.output()).get(made, length, count);
            length += count;
        }
        return Arrays.copyOf(made, length);
    }

    /**
     * {@return the samples held back} Ends the stream.
     *
     * @throws IllegalStateException when it was ended already
     */
    public float[] finish() {
        if (finished) {
            throw new IllegalStateException("the stream was finished");
        }
        finished = true;
        float[] rest = new float[0];
        if (converter != null) {
            for (int n = converter.convert(null, 0); n > 0; n = converter.convert(null, 0)) {
                float[] more = output(converter, n);
                int length = rest.length;
                rest = Arrays.copyOf(rest, length + n);
                System.arraycopy(more, 0, rest, length, n);
            }
        }
        return rest;
    }

    private static float[] output(SampleConverter converter, int n) {
        float[] samples = new float[n];
        new FloatPointer(converter.output()).get(samples, 0, n);
        return samples;
    }

    @Override
    public void close() {
        finished = true;
        if (converter != null) {
            converter.close();
        }
        if (planes != null) {
            planes.deallocate();
        }
        if (input != null) {
            input.deallocate();
        }
    }
}
