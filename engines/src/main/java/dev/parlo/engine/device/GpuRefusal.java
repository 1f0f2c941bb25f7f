package dev.parlo.engine.device;

import java.io.Serial;

/** Why no GPU can be used: a sentence with what is missing and how to get it. */
final class GpuRefusal extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    public GpuRefusal(String sentence) {
        super(sentence);
    }

    public GpuRefusal(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /** The sentence. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
