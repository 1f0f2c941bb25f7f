package dev.parlo.engine.speaker;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * People whose voices are known beforehand. Immutable.
 *
 * @param voices an embedding of each
 */
public record KnownSpeakers(List<String> names, List<float[]> voices) {
    /** The cosine from which on two embeddings are held for one voice, as 3D-Speaker advises. */
    static final double LEAST_COSINE = 0.5;

    /** Nobody is known. */
    public static final KnownSpeakers NONE = new KnownSpeakers(List.of(), List.of());

    public KnownSpeakers {
        names = List.copyOf(names);
        voices = List.copyOf(voices);
        if (names.size() != voices.size()) {
            throw new IllegalArgumentException(
                    names.size() + " names, " + voices.size() + " voices");
        }
    }

    /**
     * Who each speaker is: each name at most once, chosen so that the sum of the cosines is
     * largest, leaving out speakers less like a reference than {@link #LEAST_COSINE}.
     *
     * @return for each speaker a name, or null where no reference is like it
     */
    public List<@Nullable String> of(Diarization diarization) {
        int speakers = diarization.speakers();
        int known = names.size();
        double[][] score = new double[speakers][known + speakers];
        for (int s = 0; s < speakers; s++) {
            float[] voice = diarization.voices().get(s);
            for (int k = 0; k < known + speakers; k++) {
                // One column for each speaker to stay unknown in.
                score[s][k] =
                        k >= known
                                ? LEAST_COSINE
                                : voice.length == voices.get(k).length
                                        ? Vectors.cosine(voice, voices.get(k))
                                        : -1;
            }
        }
        List<@Nullable String> found = new ArrayList<>();
        for (int column : Assignment.best(score)) {
            found.add(column >= 0 && column < known ? names.get(column) : null);
        }
        return found;
    }
}
