package dev.parlo.server.transcription;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.audio.AudioSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Audio for engines that read none. As with the real decoder nothing is looked at before a reader
 * is opened; a file of the words {@code not audio} is refused then.
 */
public record EmptyAudio(Path file) implements AudioSource {
    @Override
    public Reader open() {
        try {
            if (Files.readString(file, StandardCharsets.ISO_8859_1).equals("not audio")) {
                throw new EngineException(
                        EngineException.Category.UNSUPPORTED_AUDIO, "That is no audio.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Reader() {
            @Override
            public int read(float[] samples) {
                return -1;
            }

            @Override
            public void close() {}
        };
    }
}
