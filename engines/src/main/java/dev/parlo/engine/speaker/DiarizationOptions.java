package dev.parlo.engine.speaker;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import org.jspecify.annotations.Nullable;

/**
 * How many people may speak.
 *
 * @param least at least 1
 * @param most at least {@code least}; {@link Integer#MAX_VALUE} for any number
 */
public record DiarizationOptions(int least, int most) {
    /** Any number. */
    public static final DiarizationOptions ANY = new DiarizationOptions(1, Integer.MAX_VALUE);

    public DiarizationOptions {
        if (least < 1 || most < least) {
            throw new IllegalArgumentException("from " + least + " to " + most + " speakers");
        }
    }

    /**
     * From what a client may say.
     *
     * @param number exactly so many; goes before the others
     * @throws EngineException BAD_REQUEST when they contradict each other
     */
    public static DiarizationOptions of(
            @Nullable Integer number, @Nullable Integer least, @Nullable Integer most) {
        int from = least == null ? 1 : least;
        int to = most == null ? Integer.MAX_VALUE : most;
        if (from > to) {
            throw new EngineException(
                    Category.BAD_REQUEST,
                    "min_speakers is "
                            + from
                            + " and max_speakers "
                            + to
                            + "; it must not be less.");
        }
        if (number == null) {
            return new DiarizationOptions(from, to);
        }
        if (number < from || number > to) {
            throw new EngineException(
                    Category.BAD_REQUEST,
                    "num_speakers is "
                            + number
                            + ", which min_speakers and max_speakers do not allow. Give num_speakers"
                            + " alone, or the other two.");
        }
        return new DiarizationOptions(number, number);
    }

    /** The same where no more than so many can be told apart. */
    DiarizationOptions within(int voices) {
        int to = Math.max(1, Math.min(most, voices));
        return new DiarizationOptions(Math.min(least, to), to);
    }
}
