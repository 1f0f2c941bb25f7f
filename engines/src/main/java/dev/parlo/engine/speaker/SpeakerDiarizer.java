package dev.parlo.engine.speaker;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
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
import org.jspecify.annotations.Nullable;

/**
 * Tells who speaks when, by pyannote's segmentation network and the voices that a {@link
 * SpeakerEmbedder} hears. Thread-safe.
 */
public final class SpeakerDiarizer implements AutoCloseable {
    /** The published file has 6 MB. */
    private static final long LARGEST_FILE = 256L << 20;

    private final OnnxNetwork network;
    private final long[] shape;
    private final Admission admission;
    private final TurnWorkers workers;

    /**
     * Loads a segmentation network.
     *
     * @param file an .onnx file that makes [1, 589, 7] of the samples [1, 1, 160000]
     * @param computing threads of one run
     * @throws EngineException of category BAD_MODEL when it is damaged or of another kind
     */
    public SpeakerDiarizer(Path file, int computing, Admission admission) {
        this.admission = admission;
        network =
                new OnnxNetwork(
                        file,
                        "speaker segmentation model",
                        LARGEST_FILE,
                        computing,
                        admission.steps());
        try {
            long[] declared = network.inputShape();
            if (declared.length != 3) {
                throw network.broken(
                        "takes an input of the shape "
                                + Arrays.toString(declared)
                                + "; a segmentation of speakers takes [batch, 1, samples]",
                        null);
            }
            shape = new long[] {1, 1, SlidingWindows.WINDOW};
            // A network of another kind is told when it is loaded, not by the first request.
            byte[] unused = classes(new float[SlidingWindows.WINDOW], new Cancellation());
            workers =
                    new TurnWorkers(
                            Thread.ofPlatform().daemon().name("speaker-diarization-", 0).factory(),
                            admission.parallel());
        } catch (RuntimeException | Error refused) {
            network.close();
            throw refused;
        }
    }

    /** The queue before this engine. */
    public Admission admission() {
        return admission;
    }

    /**
     * Diarizes all of some audio; blocks the calling thread, computes on the engine's own.
     *
     * @param embedder tells the voices; it is used for one window at a time
     * @param hearing the request's place before the embedder
     * @param ticket the request's place before this engine; its cancellation stops the work
     * @throws EngineException TOO_LARGE beyond half a day; BAD_MODEL; CANCELLED
     */
    public Diarization diarize(
            AudioSource audio,
            SpeakerEmbedder embedder,
            Ticket hearing,
            DiarizationOptions options,
            Ticket ticket) {
        return workers.run(
                cancellation ->
                        new DiarizationRun(
                                        this::classes,
                                        new Hearing(embedder, hearing),
                                        options,
                                        cancellation)
                                .run(BackgroundAudio.of(audio, admission.urgency(), cancellation)),
                ticket);
    }

    /** A turn of the embedder for each voice, so that others get theirs between. */
    private static final class Hearing implements DiarizationRun.Embedder {
        private final SpeakerEmbedder embedder;
        private final Ticket ticket;
        private final VoiceWindow window;

        Hearing(SpeakerEmbedder embedder, Ticket ticket) {
            this.embedder = embedder;
            this.ticket = ticket;
            this.window = embedder.window();
        }

        @Override
        public void move(float[] samples) {
            window.move(samples);
        }

        @Override
        public float @Nullable [] embed(boolean[] heard, Cancellation cancellation) {
            return ticket.compute(() -> embedder.embed(window, heard, cancellation));
        }
    }

    /** The most likely class of each frame. */
    private byte[] classes(float[] samples, Cancellation cancellation) {
        int expected = WindowTracks.FRAMES * WindowTracks.CLASSES;
        OnnxNetwork.Output output =
                network.run(
                        FloatBuffer.wrap(samples, 0, SlidingWindows.WINDOW),
                        shape,
                        expected,
                        cancellation);
        long[] given = output.shape();
        if (output.values().length != expected || given[given.length - 1] != WindowTracks.CLASSES) {
            throw network.broken(
                    "gives "
                            + Arrays.toString(given)
                            + " for ten seconds; pyannote's segmentation 3.0 gives [1, 589, 7]",
                    null);
        }
        byte[] classes = new byte[WindowTracks.FRAMES];
        for (int f = 0; f < WindowTracks.FRAMES; f++) {
            int best = 0;
            for (int c = 1; c < WindowTracks.CLASSES; c++) {
                int at = f * WindowTracks.CLASSES;
                best = output.values()[at + c] > output.values()[at + best] ? c : best;
            }
            classes[f] = (byte) best;
        }
        return classes;
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
