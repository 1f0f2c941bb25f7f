package dev.parlo.engine.speaker;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.audio.AudioSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One recording's diarization: goes through its windows once, then tells the voices apart, then
 * puts the windows together. Of a window 589 bytes and the embeddings of those who speak are kept.
 * Used once.
 */
final class DiarizationRun {
    /** Seconds of the longest recording: half a day. */
    static final int MOST_WINDOWS = 12 * 3600;

    /** Numbers of all embeddings together, 256 MB. */
    private static final long MOST_NUMBERS = 64L << 20;

    /** Frames below which one of the three is not embedded. */
    private static final int LEAST_ACTIVE = 10;

    /** A fifth of a window: who speaks alone for so many frames is heard well. */
    private static final int WELL_HEARD = (int) Math.ceil(0.2 * WindowTracks.FRAMES);

    private final Segmenter segmenter;
    private final Embedder embedder;
    private final DiarizationOptions options;
    private final Cancellation cancellation;
    private final List<WindowTracks> windows = new ArrayList<>();
    private long numbers;
    private int embedded;
    private int usable;

    /** Tells who speaks in each frame of a window. */
    interface Segmenter {
        /** The class of each of {@link WindowTracks#FRAMES} frames. */
        byte[] classes(float[] samples, Cancellation cancellation);
    }

    /** Tells the voices of one window after another. */
    interface Embedder {
        /** Goes on to the next window. */
        void move(float[] samples);

        /** The voice in some frames of it; null where they are too few. */
        float @Nullable [] embed(boolean[] heard, Cancellation cancellation);
    }

    DiarizationRun(
            Segmenter segmenter,
            Embedder embedder,
            DiarizationOptions options,
            Cancellation cancellation) {
        this.segmenter = segmenter;
        this.embedder = embedder;
        this.options = options;
        this.cancellation = cancellation;
    }

    Diarization run(AudioSource audio) {
        double duration;
        try (SlidingWindows sliding = new SlidingWindows(audio, cancellation)) {
            while (sliding.next()) {
                cancellation.check();
                if (windows.size() == MOST_WINDOWS) {
                    throw tooLong();
                }
                windows.add(window(sliding.samples()));
            }
            duration = (double) sliding.read() / AudioSource.SAMPLE_RATE;
        }
        if (embedded > 0 && usable == 0) {
            throw new EngineException(
                    Category.BAD_MODEL,
                    "The speaker embedding model gives no finite numbers for any voice. Install it"
                            + " again.");
        }
        return together(duration);
    }

    private static EngineException tooLong() {
        return new EngineException(
                Category.TOO_LARGE,
                "Speakers are told apart in recordings of up to "
                        + MOST_WINDOWS / 3600
                        + " hours. Send it in parts.");
    }

    private WindowTracks window(float[] samples) {
        WindowTracks found =
                new WindowTracks(
                        segmenter.classes(samples, cancellation), new float[WindowTracks.LOCAL][]);
        embedder.move(samples);
        for (int k = 0; k < WindowTracks.LOCAL; k++) {
            if (found.active(k) < LEAST_ACTIVE) {
                continue;
            }
            float[] vector = embedder.embed(found.heard(k), cancellation);
            if (vector == null) {
                continue;
            }
            embedded++;
            if (Vectors.finite(vector)) {
                usable++;
                numbers += vector.length;
                found.voices()[k] = vector;
            }
        }
        if (numbers > MOST_NUMBERS) {
            throw tooLong();
        }
        return found;
    }

    private Diarization together(double duration) {
        if (windows.stream().allMatch(DiarizationRun::silent)) {
            return new Diarization(List.of(), List.of(), List.of(), duration);
        }
        float[][] centroids = centroids();
        int[][] voices = new int[windows.size()][];
        for (int c = 0; c < voices.length; c++) {
            voices[c] = TrackAssignment.of(windows.get(c), centroids);
        }
        List<SpeakerTurn> turns =
                Timeline.turns(windows, voices, centroids.length, options.most(), duration);
        List<SpeakerTurn> exclusive =
                Timeline.turns(windows, voices, centroids.length, 1, duration);
        return numbered(turns, exclusive, centroids, duration);
    }

    private static boolean silent(WindowTracks window) {
        return window.active(0) + window.active(1) + window.active(2) == 0;
    }

    /** The mean voice of each speaker; one without numbers where too little was heard of any. */
    private float[][] centroids() {
        List<float[]> all = new ArrayList<>();
        List<float[]> wellHeard = new ArrayList<>();
        for (WindowTracks window : windows) {
            for (int k = 0; k < WindowTracks.LOCAL; k++) {
                float[] vector = window.voices()[k];
                if (vector != null) {
                    all.add(vector);
                    if (window.alone(k) >= WELL_HEARD) {
                        wellHeard.add(vector);
                    }
                }
            }
        }
        if (all.isEmpty()) {
            return new float[1][0];
        }
        if (windows.size() == 1) { // nothing to compare with: those whom the window tells apart
            return SpeakerClustering.centroids(all, options);
        }
        if (wellHeard.isEmpty()) { // too little of each to find more people than were asked for
            return SpeakerClustering.centroids(
                    all, new DiarizationOptions(options.least(), options.least()));
        }
        return SpeakerClustering.centroids(wellHeard, options);
    }

    /**
     * Numbers the speakers in the order in which they first speak; who never does has no number.
     */
    private static Diarization numbered(
            List<SpeakerTurn> turns,
            List<SpeakerTurn> exclusive,
            float[][] centroids,
            double duration) {
        int[] number = new int[centroids.length];
        Arrays.fill(number, -1);
        List<float[]> voices = new ArrayList<>();
        for (List<SpeakerTurn> some : List.of(turns, exclusive)) {
            for (SpeakerTurn turn : some) {
                if (number[turn.speaker()] < 0) {
                    number[turn.speaker()] = voices.size();
                    voices.add(centroids[turn.speaker()]);
                }
            }
        }
        return new Diarization(
                renumbered(turns, number), renumbered(exclusive, number), voices, duration);
    }

    private static List<SpeakerTurn> renumbered(List<SpeakerTurn> turns, int[] number) {
        return turns.stream()
                .map(turn -> new SpeakerTurn(turn.start(), turn.end(), number[turn.speaker()]))
                .toList();
    }
}
