package dev.parlo.server.transcription;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.TimeMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Silence for engines that read none. As with the real decoder nothing is looked at before a reader
 * is opened; a file of the words {@code not audio} is refused then.
 */
public record EmptyAudio(Path file, double seconds, Optional<String> truncation, TimeMap times)
        implements AudioSource {
    public EmptyAudio(Path file) {
        this(file, 0, Optional.empty(), TimeMap.NONE);
    }

    @Override
    public Reader open() {
        try {
            if (Files.readString(file, StandardCharsets.ISO_8859_1).equals("not audio")) {
                throw new EngineException(
                        EngineException.Category.UNSUPPORTED_AUDIO, "The file is not audio.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Reader() {
            private int left = (int) Math.round(seconds * SAMPLE_RATE);

            @Override
            public int read(float[] samples) {
                if (left == 0) {
                    return -1;
                }
                int n = Math.min(left, samples.length);
                Arrays.fill(samples, 0, n, 0f);
                left -= n;
                return n;
            }

            @Override
            public void close() {}
        };
    }
}
