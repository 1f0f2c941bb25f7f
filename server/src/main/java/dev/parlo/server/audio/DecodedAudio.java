package dev.parlo.server.audio;

import dev.parlo.engine.audio.AudioDecoder;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.steps.NativeSteps;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Files as FFmpeg decodes them. Thread-safe. */
public record DecodedAudio(AudioDecoder decoder) implements AudioOpener {
    @Override
    public AudioSource open(Path file, @Nullable String contentType) {
        return decoder.open(file, contentType);
    }

    @Override
    public Optional<NativeSteps> steps() {
        return Optional.of(decoder.steps());
    }

    @Override
    public List<AudioSource> channels(Path file, @Nullable String contentType) {
        return decoder.channels(file, contentType);
    }
}
