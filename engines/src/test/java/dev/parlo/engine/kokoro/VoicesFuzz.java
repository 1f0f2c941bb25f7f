package dev.parlo.engine.kokoro;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.fuzz.FuzzInput;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Voices of every kind of file: archives of numpy, of PyTorch, bare numbers. */
public final class VoicesFuzz {
    private static final List<String> FILES =
            List.of("voices.npz", "voices/af_a.pt", "voices/af_a.bin", "voices-v1.bin");

    private VoicesFuzz() {}

    /** The first byte chooses the kind. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        String name = FILES.get((input[0] & 0xff) % FILES.size());
        FuzzInput.asFile(
                Arrays.copyOfRange(input, 1, input.length),
                name,
                file -> {
                    Path folder = Objects.requireNonNull(file.getParent());
                    try {
                        VoiceFiles.read(
                                name.contains("/")
                                        ? Objects.requireNonNull(folder.getParent())
                                        : folder,
                                List.of("af_a", "bm_b"));
                    } catch (EngineException refused) {
                        FuzzInput.refused(refused, EngineException.Category.BAD_MODEL);
                    }
                });
    }
}
