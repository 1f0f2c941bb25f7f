package dev.parlo.engine.audio;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Locale;

/**
 * The failures of reading audio. The first sentence of the two decoding failures is what clients of
 * Speaches look for, word by word; the detail follows it.
 */
final class AudioFailure {
    static final String UNSUPPORTED =
            "Failed to decode audio. The provided file type is not supported.";
    static final String EMPTY = "Failed to decode audio. The provided file is likely empty.";

    private AudioFailure() {}

    static EngineException unsupported(String detail) {
        return new EngineException(Category.UNSUPPORTED_AUDIO, UNSUPPORTED + " " + detail);
    }

    static EngineException empty(String detail) {
        return new EngineException(Category.BAD_AUDIO, EMPTY + " " + detail);
    }

    static EngineException broken(String detail) {
        return new EngineException(Category.BAD_AUDIO, "Failed to decode audio. " + detail);
    }

    static EngineException tooManyBytes(long maxBytes) {
        return new EngineException(
                Category.TOO_LARGE,
                "The audio file is larger than the limit of "
                        + maxBytes
                        + " bytes. Send a smaller file or a compressed format.");
    }

    static EngineException tooLong(double maxSeconds) {
        return new EngineException(
                Category.TOO_LARGE,
                String.format(
                        Locale.ROOT,
                        "The audio is longer than the limit of %s seconds. Send it in parts.",
                        maxSeconds == Math.rint(maxSeconds) && maxSeconds < 1e15
                                ? String.valueOf((long) maxSeconds)
                                : String.valueOf(maxSeconds)));
    }

    /** Of a file that was there when it was opened as a source. */
    static EngineException unreadable(IOException cause) {
        return cause instanceof ClosedByInterruptException
                ? new EngineException(
                        Category.CANCELLED, "Interrupted while the audio was read.", cause)
                : new EngineException(
                        Category.INTERNAL,
                        "The audio file cannot be read any more; it may have been deleted.",
                        cause);
    }

    static EngineException closed() {
        return new EngineException(Category.CANCELLED, "The audio was closed while it was read.");
    }
}
