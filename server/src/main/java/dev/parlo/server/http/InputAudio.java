package dev.parlo.server.http;

import java.util.Base64;
import java.util.function.Supplier;

/** OpenAI's {@code input_audio}: a recording in base64 within JSON. */
public final class InputAudio {
    private InputAudio() {}

    /**
     * The bytes of a recording; some encoders break lines.
     *
     * @param refusal is thrown where it is empty or not base64
     */
    public static byte[] decoded(String base64, Supplier<ApiError> refusal) {
        byte[] audio;
        try {
            audio = Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException malformed) {
            throw refusal.get().withCause(malformed);
        }
        if (audio.length == 0) {
            throw refusal.get();
        }
        return audio;
    }
}
