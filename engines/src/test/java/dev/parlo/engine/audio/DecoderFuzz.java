package dev.parlo.engine.audio;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.fuzz.FuzzInput;
import java.nio.file.Path;

/**
 * Files of audio and video, as FFmpeg is given them. FFmpeg is native: its own branches are not
 * seen by the fuzzer, and where it ends the process, {@code last-input} beside the corpus tells by
 * which bytes.
 */
public final class DecoderFuzz {
    private static final AudioDecoder DECODER =
            new AudioDecoder(1, new AudioLimits(64L << 20, 600));

    private DecoderFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput.note(input);
        FuzzInput.asFile(
                input,
                "upload",
                file -> {
                    try {
                        OggLinks.next(file, 0);
                        read(file);
                        DECODER.channels(file, null);
                    } catch (EngineException refused) {
                        FuzzInput.refused(
                                refused,
                                Category.UNSUPPORTED_AUDIO,
                                Category.BAD_AUDIO,
                                Category.TOO_LARGE);
                    }
                });
        if (DECODER.openReaders() != 0) {
            throw new IllegalStateException(DECODER.openReaders() + " readers are still open");
        }
    }

    private static void read(Path file) {
        float[] samples = new float[16_000];
        try (AudioSource.Reader reader = DECODER.open(file).open()) {
            for (int n = reader.read(samples); n >= 0; n = reader.read(samples)) {
                for (int i = 0; i < n; i++) {
                    if (!(Math.abs(samples[i]) <= 1)) {
                        throw new IllegalStateException("a sample of " + samples[i]);
                    }
                }
            }
        }
    }
}
