package dev.parlo.engine.audio;

import static org.bytedeco.ffmpeg.global.swresample.swr_alloc_set_opts2;
import static org.bytedeco.ffmpeg.global.swresample.swr_convert;
import static org.bytedeco.ffmpeg.global.swresample.swr_free;
import static org.bytedeco.ffmpeg.global.swresample.swr_get_out_samples;
import static org.bytedeco.ffmpeg.global.swresample.swr_init;
import static org.bytedeco.ffmpeg.global.swresample.swr_set_matrix;

import dev.parlo.engine.EngineException;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * libswresample to mono: channel mix, sample rate, sample format. Its output stays in native memory
 * until the next call. Not thread-safe.
 */
final class SampleConverter implements AutoCloseable {
    private final SwrContext context;
    private final int outputSampleBytes;
    private final PointerPointer<BytePointer> planes = new PointerPointer<>(1);
    private BytePointer output = new BytePointer();
    private long outputCapacity;
    private boolean closed;

    /**
     * @param layout the channels of the input
     * @param inputFormat an {@code AV_SAMPLE_FMT_*}
     * @param outputFormat an {@code AV_SAMPLE_FMT_*}, of which there is one channel
     * @param mix what becomes of the channels
     */
    SampleConverter(
            AVChannelLayout layout,
            int inputFormat,
            int inputRate,
            int outputFormat,
            int outputRate,
            ChannelMix mix) {
        outputSampleBytes = avutil.av_get_bytes_per_sample(outputFormat);
        int channels = layout.nb_channels();
        context = new SwrContext(null);
        try (AVChannelLayout mono = new AVChannelLayout();
                AVChannelLayout input = new AVChannelLayout()) {
            avutil.av_channel_layout_default(mono, 1);
            boolean standardLayout = layout.order() == avutil.AV_CHANNEL_ORDER_NATIVE;
            if (standardLayout) {
                avutil.av_channel_layout_copy(input, layout);
            } else {
                avutil.av_channel_layout_default(input, channels);
            }
            boolean knownMix = input.order() == avutil.AV_CHANNEL_ORDER_NATIVE;
            check(
                    swr_alloc_set_opts2(
                            context,
                            mono,
                            outputFormat,
                            outputRate,
                            input,
                            inputFormat,
                            inputRate,
                            0,
                            null));
            if (mix instanceof ChannelMix.Only(int channel) && channels > 1) {
                double[] matrix = new double[channels];
                if (channel < channels) { // else it is silent here, such as in a link of few
                    matrix[channel] = 1;
                }
                check(swr_set_matrix(context, matrix, channels));
            } else if (!knownMix) {
                // No speaker positions are known for so many channels: all count alike.
                double[] matrix = new double[channels];
                Arrays.fill(matrix, 1.0 / channels);
                check(swr_set_matrix(context, matrix, channels));
            }
            check(swr_init(context));
            avutil.av_channel_layout_uninit(input);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private static void check(int result) {
        if (result < 0) {
            throw new EngineException(
                    EngineException.Category.UNSUPPORTED_AUDIO,
                    AudioFailure.UNSUPPORTED
                            + " Its channels or sample rate cannot be converted: "
                            + AudioNatives.describe(result)
                            + ".");
        }
    }

    /**
     * Converts {@code samples} samples per channel.
     *
     * @param input the planes, or null for what is left in the filter at the end
     * @return how many samples {@link #output()} now holds
     */
    int convert(@Nullable PointerPointer<?> input, int samples) {
        int most = Math.max(swr_get_out_samples(context, samples), 64);
        if (most > outputCapacity) {
            output.deallocate();
            output = new BytePointer((long) most * outputSampleBytes);
            outputCapacity = most;
        }
        planes.put(0, output);
        int n = swr_convert(context, planes, most, input, samples);
        if (n < 0) {
            throw new EngineException(
                    EngineException.Category.INTERNAL,
                    "Resampling failed: " + AudioNatives.describe(n) + ".");
        }
        return n;
    }

    /** The samples of the last {@link #convert}. */
    Pointer output() {
        return output;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            swr_free(context);
            output.deallocate();
            planes.deallocate();
        }
    }
}
