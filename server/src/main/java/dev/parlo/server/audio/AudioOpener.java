package dev.parlo.server.audio;

import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.steps.NativeSteps;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a file of any kind a source of 16 kHz mono audio. Thread-safe. */
@FunctionalInterface
public interface AudioOpener {
    /** The header that says why a file ended early, and when. */
    String TRUNCATED = "X-Audio-Truncated";

    /**
     * @param contentType as the client named it; it matters for raw audio only
     * @throws dev.parlo.engine.EngineException of category UNSUPPORTED_AUDIO, BAD_AUDIO or
     *     TOO_LARGE
     */
    AudioSource open(Path file, @Nullable String contentType);

    /** What it does in native code; empty where there is none. */
    default Optional<NativeSteps> steps() {
        return Optional.empty();
    }

    /**
     * Each channel of the file by itself; where nothing is known of channels, the whole.
     *
     * @throws dev.parlo.engine.EngineException as {@link #open}
     */
    default List<AudioSource> channels(Path file, @Nullable String contentType) {
        return List.of(open(file, contentType));
    }
}
