package dev.parlo.engine.speaker;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.onnx.OnnxNetwork;
import dev.parlo.engine.worker.BackgroundAudio;
import dev.parlo.engine.worker.TurnWorkers;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A network that makes numbers of a voice, close together for the same one: WeSpeaker's and
 * 3D-Speaker's on mel energies, or pyannote's older one on samples; which of them, its input tells.
 * Thread-safe.
 */
public final class SpeakerEmbedder implements AutoCloseable {
    /** The largest published file has 115 MB. */
    private static final long LARGEST_FILE = 1L << 30;

    /** Numbers of the largest published embedding, eight times over. */
    private static final int MOST = 4096;

    /**
     * Frames of one voice in a window from which on it is embedded, a quarter of a second. With
     * fewer than 9 the networks' pooling has nothing to measure a deviation of.
     */
    private static final int LEAST_TRACK = 25;

    /** The shortest audio worth embedding, in samples: a quarter of a second. */
    private static final int LEAST_SAMPLES = AudioSource.SAMPLE_RATE / 4;

    /** Longer audio is embedded in pieces: a network's memory grows by 60 MB a minute. */
    private static final int LONGEST_WHOLE = 60 * AudioSource.SAMPLE_RATE;

    private static final int PIECE = 10 * AudioSource.SAMPLE_RATE;

    private final OnnxNetwork network;
    private final Admission admission;
    private final TurnWorkers workers;
    private final boolean hearsSamples;
    private final KaldiFbank.FrontEnd frontEnd;
    private final int size;

    /**
     * A voice in numbers.
     *
     * @param vector as the network gave it, of no particular length; of audio of more than a minute
     *     the mean of unit vectors of ten seconds each
     * @param samples that were heard, at 16 kHz
     */
    public record Embedding(float[] vector, long samples) {
        /** In the same direction, of length 1; zeros where it is zeros. */
        public float[] unitVector() {
            return Vectors.unit(vector);
        }
    }

    /**
     * Loads a network.
     *
     * @param file an .onnx file
     * @param computing threads of one run
     * @throws EngineException of category BAD_MODEL when it is damaged or of another kind
     */
    public SpeakerEmbedder(Path file, int computing, Admission admission) {
        this.admission = admission;
        network =
                new OnnxNetwork(
                        file,
                        "speaker embedding model",
                        LARGEST_FILE,
                        computing,
                        admission.steps());
        try {
            long[] shape = network.inputShape();
            hearsSamples =
                    shape.length == 2 || shape.length == 3 && shape[1] == 1 && shape[2] != 80;
            if (!hearsSamples && !(shape.length == 3 && shape[2] == KaldiFbank.BINS)) {
                throw network.broken(
                        "takes an input of the shape "
                                + Arrays.toString(shape)
                                + "; a speaker embedding takes mel energies [batch, frames, 80] or"
                                + " samples [batch, samples]",
                        null);
            }
            long length = hearsSamples ? shape[shape.length - 1] : shape[1];
            if (length > 0) {
                throw network.broken(
                        "takes audio of one length only (" + length + "), and voices have any",
                        null);
            }
            frontEnd =
                    network.metadata("framework").equals("3d-speaker")
                            ? KaldiFbank.FrontEnd.THREE_D_SPEAKER
                            : KaldiFbank.FrontEnd.WESPEAKER;
            size = tryOut();
            workers =
                    new TurnWorkers(
                            Thread.ofPlatform().daemon().name("speaker-embedding-", 0).factory(),
                            admission.parallel());
        } catch (RuntimeException | Error refused) {
            network.close();
            throw refused;
        }
    }

    /** A network of another kind is told when it is loaded, not by the first request. */
    private int tryOut() {
        float[] noise = new float[AudioSource.SAMPLE_RATE];
        Random random = new Random(1);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextGaussian() / 10;
        }
        OnnxNetwork.Output output =
                network.run(
                        input(noise, noise.length), shape(noise.length), MOST, new Cancellation());
        long[] shape = output.shape();
        int numbers = output.values().length;
        if (numbers == 0 || shape[shape.length - 1] != numbers) {
            throw network.broken(
                    "gives "
                            + Arrays.toString(shape)
                            + " for one recording; a speaker embedding is one vector",
                    null);
        }
        return numbers;
    }

    /** One vector of one piece of audio. */
    private float[] vector(float[] samples, int count, Cancellation cancellation) {
        return sized(network.run(input(samples, count), shape(count), size, cancellation).values());
    }

    /** A network that gives now more and now fewer numbers has no vectors to compare. */
    private float[] sized(float[] vector) {
        if (vector.length != size) {
            throw network.broken(
                    "gives " + vector.length + " numbers here and " + size + " there", null);
        }
        return vector;
    }

    /** Numbers of an embedding. */
    public int size() {
        return size;
    }

    /** The queue before this engine. */
    public Admission admission() {
        return admission;
    }

    /**
     * Embeds all of some audio, as if one person spoke in it.
     *
     * @throws EngineException BAD_AUDIO where it is shorter than a quarter of a second; BAD_MODEL
     *     where the network gives numbers that are not finite; CANCELLED
     */
    public Embedding embed(AudioSource audio, Ticket ticket) {
        return workers.run(
                cancellation ->
                        embed(
                                BackgroundAudio.of(audio, admission.urgency(), cancellation),
                                cancellation),
                ticket);
    }

    private Embedding embed(AudioSource audio, Cancellation cancellation) {
        try (AudioSource.Reader reader = audio.open()) {
            float[] samples = new float[LONGEST_WHOLE + 1];
            int n = SlidingWindows.fill(reader, samples, 0, cancellation);
            if (n < LEAST_SAMPLES) {
                throw new EngineException(
                        Category.BAD_AUDIO,
                        "The audio has "
                                + n * 1000L / AudioSource.SAMPLE_RATE
                                + " ms; a voice can be told from 250 ms on. Send a longer recording.");
            }
            if (n <= LONGEST_WHOLE) {
                return new Embedding(vector(samples, n, cancellation), n);
            }
            return inPieces(reader, samples, n, cancellation);
        }
    }

    /** Goes on reading behind what was read already. */
    private Embedding inPieces(
            AudioSource.Reader reader, float[] read, int count, Cancellation cancellation) {
        double[] sum = new double[size];
        long samples = 0;
        float[] piece = new float[PIECE];
        int taken = 0;
        while (true) {
            int n = Math.min(PIECE, count - taken);
            System.arraycopy(read, taken, piece, 0, n);
            taken += n;
            n = SlidingWindows.fill(reader, piece, n, cancellation);
            samples += n;
            if (n >= LEAST_SAMPLES) {
                float[] vector = vector(piece, n, cancellation);
                double length = Vectors.length(vector);
                for (int i = 0; i < size && length > 0; i++) {
                    sum[i] += vector[i] / length * n;
                }
            }
            if (n < PIECE) {
                return new Embedding(Vectors.floats(sum, 1.0 / samples), samples);
            }
        }
    }

    private FloatBuffer input(float[] samples, int count) {
        if (hearsSamples) {
            return FloatBuffer.wrap(samples, 0, count).slice();
        }
        float[] features = new KaldiFbank(frontEnd).features(samples, count);
        KaldiFbank.subtractMean(features);
        return FloatBuffer.wrap(features);
    }

    private long[] shape(int samples) {
        if (!hearsSamples) {
            return new long[] {1, KaldiFbank.frames(samples), KaldiFbank.BINS};
        }
        return network.inputShape().length == 2
                ? new long[] {1, samples}
                : new long[] {1, 1, samples};
    }

    /**
     * Embeds a part of a window.
     *
     * @param heard which of the segmentation's frames of the window are that part
     * @return null where there are too few to tell a voice
     * @throws EngineException as {@link OnnxNetwork#runAny}; the numbers need not be finite
     */
    float @Nullable [] embed(VoiceWindow window, boolean[] heard, Cancellation cancellation) {
        FloatBuffer input = hearsSamples ? samples(window, heard) : frames(window, heard);
        int length = input.remaining();
        if (length < (hearsSamples ? LEAST_SAMPLES : LEAST_TRACK * KaldiFbank.BINS)) {
            return null;
        }
        long[] shape =
                hearsSamples
                        ? shape(length)
                        : new long[] {1, length / KaldiFbank.BINS, KaldiFbank.BINS};
        return sized(network.runAny(input, shape, size, cancellation).values());
    }

    private static FloatBuffer frames(VoiceWindow window, boolean[] heard) {
        FloatBuffer kept = FloatBuffer.allocate(VoiceWindow.FRAMES * KaldiFbank.BINS);
        for (int i = 0; i < VoiceWindow.FRAMES; i++) {
            if (heard[i * heard.length / VoiceWindow.FRAMES]) {
                kept.put(window.features(), i * KaldiFbank.BINS, KaldiFbank.BINS);
            }
        }
        return kept.flip();
    }

    private static FloatBuffer samples(VoiceWindow window, boolean[] heard) {
        FloatBuffer kept = FloatBuffer.allocate(SlidingWindows.WINDOW);
        for (int i = 0; i < heard.length; i++) {
            if (heard[i]) {
                int from = (int) ((long) i * SlidingWindows.WINDOW / heard.length);
                int to = (int) ((i + 1L) * SlidingWindows.WINDOW / heard.length);
                kept.put(window.samples(), from, to - from);
            }
        }
        return kept.flip();
    }

    /** What the windows of a recording are heard through. */
    VoiceWindow window() {
        return new VoiceWindow(new KaldiFbank(frontEnd));
    }

    public EngineFacts facts() {
        return network.facts();
    }

    @Override
    public void close() {
        workers.close();
        network.close();
    }
}
