package dev.parlo.engine.whisper.mel;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.audio.AudioSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The log-mel features of a whole recording, computed as windows ask for them: 100 frames a second,
 * 80 or 128 bands, values as Whisper's {@code log_mel_spectrogram}.
 *
 * <p>The features are normalised by the loudest value of the whole recording, so a first pass over
 * the source finds that and the length. It keeps what it computes of the first {@value #KEPT}
 * frames: a recording of a minute is read and transformed once. Later passes compute frames and
 * keep only the last {@value #KEPT} of them. Asking for an earlier frame than those reopens the
 * source. Not thread-safe.
 */
public final class MelSpectrogram implements AutoCloseable {
    /** Frames of a full window: 30 seconds. */
    public static final int WINDOW = 3000;

    /** Frames a second. */
    public static final int FRAMES_PER_SECOND = 100;

    private static final int KEPT = 2 * WINDOW;
    private static final int FIRST_ROOM = 1024;
    private static final float FLOOR = 1e-10f;

    private final AudioSource source;
    private final Cancellation cancellation;
    private final MelFilterBank filters;
    private final PowerSpectrum spectrum = new PowerSpectrum();
    private final float[] samplesOfFrame = new float[PowerSpectrum.SIZE];
    private final float[] power = new float[PowerSpectrum.BINS];

    /** Normalised features of frame f at {@code (f % KEPT) * bands}; room for more is made. */
    private float[] kept;

    private final long samples;
    private final int frames;
    private final float logFloor;
    private @Nullable FrameReader reader;
    private int firstKept;
    private int endKept;

    /**
     * Reads the source once from start to end.
     *
     * @param bands 80 or 128
     * @param cancellation ends this reading and those that windows need later
     * @throws dev.parlo.engine.EngineException as {@link AudioSource}, or CANCELLED
     */
    public MelSpectrogram(AudioSource source, int bands, Cancellation cancellation) {
        this.source = source;
        this.cancellation = cancellation;
        filters = new MelFilterBank(bands);
        kept = new float[FIRST_ROOM * bands];
        try (FrameReader frameReader = new FrameReader(source)) {
            float loudest = loudestOf(frameReader, keepFirst(frameReader));
            logFloor = (float) Math.log10(loudest) - 8;
            samples = frameReader.samples();
            frames = frameReader.position();
        }
        for (int frame = 0; frame < endKept; frame++) {
            normalise(frame * bands);
        }
    }

    /** Computes and keeps frames up to the limit, and answers the loudest value in them. */
    private float keepFirst(FrameReader frameReader) {
        float loudest = FLOOR;
        while (endKept < KEPT && frameReader.next(samplesOfFrame)) {
            checkNowAndThen(frameReader);
            int at = computeFrame(endKept);
            for (int i = at; i < at + bands(); i++) {
                loudest = Math.max(loudest, kept[i]);
            }
            endKept++;
        }
        return loudest;
    }

    /** Most frames cannot hold the loudest value, as their energy tells without a transform. */
    private float loudestOf(FrameReader frameReader, float loudestBefore) {
        float loudest = loudestBefore;
        float peak = filters.peak();
        float[] energies = new float[bands()];
        while (frameReader.next(samplesOfFrame)) {
            checkNowAndThen(frameReader);
            if (spectrum.mostPower(samplesOfFrame, 0) * peak > loudest) {
                spectrum.compute(samplesOfFrame, 0, power);
                filters.apply(power, energies, 0);
                for (float energy : energies) {
                    loudest = Math.max(loudest, energy);
                }
            }
        }
        return loudest;
    }

    /** Leaves the energies of a frame's samples among the kept ones, and answers where. */
    private int computeFrame(int frame) {
        int at = roomFor(frame);
        spectrum.compute(samplesOfFrame, 0, power);
        filters.apply(power, kept, at);
        return at;
    }

    private int roomFor(int frame) {
        int at = (frame % KEPT) * bands();
        if (at + bands() > kept.length) {
            int twice = Math.min(2 * kept.length, KEPT * bands());
            kept = Arrays.copyOf(kept, Math.max(twice, at + bands()));
        }
        return at;
    }

    /** Samples of the recording at 16 kHz. */
    public long samples() {
        return samples;
    }

    public double durationSeconds() {
        return samples / (double) AudioSource.SAMPLE_RATE;
    }

    /** Frames in all: one more than the recording fills, as the reference implementation has it. */
    public int frames() {
        return frames;
    }

    /** Frames that the recording fills. */
    public int contentFrames() {
        return frames - 1;
    }

    public int bands() {
        return filters.bands();
    }

    /**
     * Computes a window.
     *
     * @param start first frame
     * @param size frames to take, at most {@value #WINDOW}; those beyond the last are left out
     * @return {@code [bands, 3000]} flattened band after band, zeros after the frames taken
     */
    public float[] window(int start, int size) {
        return window(start, size, WINDOW);
    }

    /**
     * Computes a window that is followed by less silence.
     *
     * @param length frames of the window, from {@code size} to {@value #WINDOW}
     * @return {@code [bands, length]} flattened band after band, zeros after the frames taken
     */
    public float[] window(int start, int size, int length) {
        if (start < 0 || size < 0 || size > length || length > WINDOW) {
            throw new IllegalArgumentException(
                    "A window of " + size + " frames from frame " + start + " cannot be cut.");
        }
        int bands = filters.bands();
        float[] window = new float[bands * length];
        int end = Math.min(frames, start + size);
        if (start >= end) {
            return window;
        }
        computeUpTo(start, end);
        for (int frame = start; frame < end; frame++) {
            int from = (frame % KEPT) * bands;
            for (int band = 0; band < bands; band++) {
                window[band * length + frame - start] = kept[from + band];
            }
        }
        return window;
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    /** Leaves frames {@code start} to {@code end} (exclusive) among the kept ones. */
    private void computeUpTo(int start, int end) {
        if (start >= firstKept && end <= endKept) {
            return;
        }
        FrameReader current = reader;
        if (current == null || start < firstKept) {
            close();
            current = new FrameReader(source);
            reader = current;
        }
        if (start < firstKept || start > endKept) {
            firstKept = start;
            endKept = start;
        }
        while (current.position() < endKept && current.skip()) {
            checkNowAndThen(current); // only the samples have to be read past
        }
        while (endKept < end && current.next(samplesOfFrame)) {
            normalise(computeFrame(endKept));
            endKept++;
            firstKept = Math.max(firstKept, endKept - KEPT);
        }
        if (endKept < end) {
            // The source became shorter than at its first reading; treat the rest as silence.
            for (; endKept < end; endKept++) {
                int at = roomFor(endKept);
                Arrays.fill(kept, at, at + filters.bands(), (logFloor + 4) / 4);
            }
        }
    }

    /** Reading past hours of audio takes long enough to be stopped meanwhile. */
    private void checkNowAndThen(FrameReader reading) {
        if (reading.position() % WINDOW == 0) {
            cancellation.check();
        }
    }

    private void normalise(int at) {
        for (int i = at; i < at + filters.bands(); i++) {
            float log = (float) Math.log10(Math.max(kept[i], FLOOR));
            kept[i] = (Math.max(log, logFloor) + 4) / 4;
        }
    }
}
