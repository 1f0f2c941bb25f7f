package dev.parlo.engine.parakeet;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.parakeet.TdtDecoder.Row;
import dev.parlo.engine.parakeet.TdtDecoder.Scores;
import dev.parlo.engine.parakeet.TdtDecoder.State;
import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.engine.steps.StepLane;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;

/**
 * The encoder, and the decoder that is joined with it: samples of some chunks in, tokens out.
 * Thread-safe.
 */
final class ParakeetModel implements AutoCloseable {
    /**
     * Samples that a chunk is filled up to: the features of less are normalised over too little.
     */
    static final int SHORTEST = 16_000;

    /** Mel frames of one frame of the encoder. */
    private static final int SUBSAMPLING = 8;

    /** Chunks of one run. */
    private static final int MOST_TOGETHER = 8;

    /**
     * What a second of a chunk takes while it is encoded, in the published models: the first
     * convolution makes 256 channels of 64 bands from every second of a hundred mel frames, and its
     * input and its output are there at the same time.
     */
    private static final long BYTES_PER_SECOND = 2L * 256 * 64 * 50 * Float.BYTES;

    private final NemoMel mel = new NemoMel();
    private final PieceVocabulary vocabulary;
    private final TdtDecoder decoder;
    private final NativeSteps steps;
    private final Graph encoder;
    private final Graph joint;
    private final int layers;
    private final int hidden;
    private final int mostTogether;

    /** Bytes that runs take at the moment. */
    private final AtomicLong running = new AtomicLong();

    /**
     * @param model the folder, or the encoder's file where a folder holds several
     * @param threads that compute one run
     * @param memoryBytes that weights and runs may take together; one chunk is computed in any case
     * @param steps of the engine, which tell its runs
     * @throws EngineException BAD_MODEL when a part is missing, damaged or has another interface
     */
    ParakeetModel(Path model, int threads, long memoryBytes, NativeSteps steps) {
        this.steps = steps;
        ParakeetFiles files = ParakeetFiles.of(model);
        vocabulary = PieceVocabulary.read(files.vocabulary());
        decoder = new TdtDecoder(vocabulary.size(), vocabulary.blank(), files.mostTokens());
        encoder = new Graph(files.encoder(), "encoder", threads);
        try {
            joint = new Graph(files.decoder(), "decoder", threads);
        } catch (RuntimeException | Error failure) {
            encoder.close();
            throw failure;
        }
        try {
            ParakeetInterface shapes = ParakeetInterface.of(encoder, joint, vocabulary.size());
            layers = shapes.layers();
            hidden = shapes.hidden();
            // Half of what is left: other models shall not have to leave for a crowd at this one.
            long room = Math.max(0, memoryBytes - weightBytes()) / 2;
            long fitting = room / (BYTES_PER_SECOND * ParakeetTranscription.LONGEST_SECONDS);
            mostTogether = shapes.anyNumber() ? (int) Math.clamp(fitting, 1, MOST_TOGETHER) : 1;
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    /** How many chunks one run may have. */
    int mostTogether() {
        return mostTogether;
    }

    PieceVocabulary vocabulary() {
        return vocabulary;
    }

    Graph encoder() {
        return encoder;
    }

    /** Of the weights, and of what is computed at the moment. */
    long bytes() {
        return weightBytes() + running.get();
    }

    private long weightBytes() {
        return encoder.model().bytes() + joint.model().bytes();
    }

    /**
     * Encodes and decodes chunks together.
     *
     * @param chunks at most {@link #mostTogether}, mono at 16 kHz, each of at least one sample and
     *     at most 30 s
     * @param stop ends the run of all
     * @param givenUp whether nobody waits for one of them any more
     * @return the tokens of each
     */
    List<List<TimedToken>> transcribe(
            List<float[]> chunks, Cancellation stop, IntPredicate givenUp) {
        int longest = chunks.stream().mapToInt(chunk -> chunk.length).max().orElse(0);
        long seconds = Math.max(SHORTEST, longest) / AudioSource.SAMPLE_RATE + 1;
        long bytes = chunks.size() * seconds * BYTES_PER_SECOND;
        running.addAndGet(bytes);
        try {
            return hear(chunks, stop, givenUp);
        } finally {
            running.addAndGet(-bytes);
        }
    }

    private List<List<TimedToken>> hear(
            List<float[]> chunks, Cancellation stop, IntPredicate givenUp) {
        float[][] features = new float[chunks.size()][];
        long[] lengths = new long[chunks.size()];
        for (int i = 0; i < features.length; i++) {
            float[] samples = chunks.get(i);
            // at the end: words are made up where silence stands before them
            features[i] =
                    mel.features(
                            samples.length < SHORTEST ? Arrays.copyOf(samples, SHORTEST) : samples);
            lengths[i] = features[i].length / NemoMel.BANDS;
            stop.check();
        }
        State start = new State(new float[layers * hidden], new float[layers * hidden]);
        Cancellation own = new Cancellation();
        try (StepLane lane = steps.lane("run of the network", own::cancel);
                Cancellation.Registration link = stop.onCancel(own::cancel)) {
            Encoded encoded = lane.run(() -> encode(features, lengths, own));
            return decoder.decode(
                    encoded.frames(),
                    start,
                    rows -> lane.run(() -> step(encoded, rows, own)),
                    givenUp);
        }
    }

    /**
     * @param values {@code [chunk][width][frame]} in one array
     * @param frames of each chunk
     * @param width numbers of a frame
     * @param longest frames that the array has of each chunk
     */
    private record Encoded(float[] values, int[] frames, int width, int longest) {}

    private Encoded encode(float[][] features, long[] lengths, Cancellation stop) {
        int count = features.length;
        int longest = 0;
        for (long length : lengths) {
            longest = Math.max(longest, (int) length);
        }
        float[] all = new float[count * NemoMel.BANDS * longest];
        for (int i = 0; i < count; i++) {
            for (int band = 0; band < NemoMel.BANDS; band++) {
                System.arraycopy(
                        features[i],
                        band * (int) lengths[i],
                        all,
                        (i * NemoMel.BANDS + band) * longest,
                        (int) lengths[i]);
            }
        }
        try (Graph.Inputs inputs = new Graph.Inputs();
                StoppableRun run = new StoppableRun(stop);
                OrtSession.Result result =
                        run.of(
                                encoder,
                                inputs.floats("audio_signal", all, count, NemoMel.BANDS, longest)
                                        .longs("length", lengths, count))) {
            long[] shape =
                    Graph.output(encoder, result, "outputs", OnnxJavaType.FLOAT)
                            .getInfo()
                            .getShape();
            int most = (longest - 1) / SUBSAMPLING + 1;
            if (shape.length != 3
                    || shape[0] != count
                    || shape[1] < 1
                    || shape[1] > ParakeetInterface.WIDEST
                    || shape[2] < 0
                    || shape[2] > most) {
                throw encoder.broken(
                        "gives an output of the shape "
                                + Arrays.toString(shape)
                                + " for "
                                + longest
                                + " frames; expected: ["
                                + count
                                + ", width, at most "
                                + most
                                + "]");
            }
            Encoded encoded =
                    new Encoded(
                            encoder.floats(result, "outputs", shape[0] * shape[1] * shape[2]),
                            frames(result, count, (int) shape[2]),
                            (int) shape[1],
                            (int) shape[2]);
            requireFinite(encoded);
            return encoded;
        } catch (OrtException failure) {
            stop.check();
            throw encoder.failed(failure);
        }
    }

    /** What lies behind a chunk's end is never looked at, and may be anything. */
    private void requireFinite(Encoded encoded) {
        for (int chunk = 0; chunk < encoded.frames().length; chunk++) {
            for (int k = 0; k < encoded.width(); k++) {
                int from = (chunk * encoded.width() + k) * encoded.longest();
                for (int frame = 0; frame < encoded.frames()[chunk]; frame++) {
                    encoder.requireFinite(encoded.values()[from + frame], "outputs");
                }
            }
        }
    }

    private int[] frames(OrtSession.Result result, int count, int longest) {
        OnnxTensor tensor = Graph.output(encoder, result, "encoded_lengths", OnnxJavaType.INT64);
        LongBuffer lengths =
                tensor.getInfo().getNumElements() == count ? tensor.getLongBuffer() : null;
        if (lengths == null) {
            throw encoder.broken("gives no length of each chunk");
        }
        int[] frames = new int[count];
        for (int i = 0; i < count; i++) {
            frames[i] = (int) Math.clamp(lengths.get(i), 0L, longest);
        }
        return frames;
    }

    private List<Scores> step(Encoded encoded, List<Row> rows, Cancellation stop) {
        int count = rows.size();
        int width = encoded.width();
        float[] columns = new float[count * width];
        int[] tokens = new int[count];
        int[] ones = new int[count];
        float[] first = new float[layers * count * hidden];
        float[] second = new float[layers * count * hidden];
        for (int i = 0; i < count; i++) {
            Row row = rows.get(i);
            for (int k = 0; k < width; k++) {
                columns[i * width + k] =
                        encoded.values()[
                                (row.chunk() * width + k) * encoded.longest() + row.frame()];
            }
            tokens[i] = row.token();
            ones[i] = 1;
            for (int layer = 0; layer < layers; layer++) {
                int to = (layer * count + i) * hidden;
                System.arraycopy(row.state().first(), layer * hidden, first, to, hidden);
                System.arraycopy(row.state().second(), layer * hidden, second, to, hidden);
            }
        }
        try (Graph.Inputs inputs = new Graph.Inputs();
                StoppableRun run = new StoppableRun(stop);
                OrtSession.Result result =
                        run.of(
                                joint,
                                inputs.floats("encoder_outputs", columns, count, width, 1)
                                        .ints("targets", tokens, count, 1)
                                        .ints("target_length", ones, count)
                                        .floats("input_states_1", first, layers, count, hidden)
                                        .floats("input_states_2", second, layers, count, hidden))) {
            return scores(result, count);
        } catch (OrtException failure) {
            stop.check();
            throw joint.failed(failure);
        }
    }

    private List<Scores> scores(OrtSession.Result result, int count) {
        long given =
                Graph.output(joint, result, "outputs", OnnxJavaType.FLOAT)
                        .getInfo()
                        .getNumElements();
        ParakeetInterface.requireScores(joint, given, count, vocabulary.size());
        int size = (int) (given / count);
        float[] all = joint.floats(result, "outputs", given);
        for (int i = 0; i < all.length; i++) {
            // what is never to be said may be minus infinity; the blank, at least, may be said
            boolean forbidden = all[i] == Float.NEGATIVE_INFINITY && i % size != vocabulary.blank();
            joint.requireFinite(forbidden ? 0 : all[i], "outputs");
        }
        long states = (long) layers * count * hidden;
        float[] first = joint.floats(result, "output_states_1", states);
        float[] second = joint.floats(result, "output_states_2", states);
        List<Scores> scores = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] own = Arrays.copyOfRange(all, i * size, (i + 1) * size);
            scores.add(new Scores(own, new State(row(first, i, count), row(second, i, count))));
        }
        return scores;
    }

    private float[] row(float[] states, int row, int count) {
        float[] own = new float[layers * hidden];
        for (int layer = 0; layer < layers; layer++) {
            System.arraycopy(states, (layer * count + row) * hidden, own, layer * hidden, hidden);
        }
        return own;
    }

    @Override
    public void close() {
        encoder.close();
        joint.close();
    }
}
