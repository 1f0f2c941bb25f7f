package dev.parlo.engine.whisper;

import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;

/** How much smaller zlib makes a text: text that repeats itself gives a high ratio. */
public final class CompressionRatio {
    private CompressionRatio() {}

    /** UTF-8 bytes of the text over their zlib size. */
    public static double of(String text) {
        byte[] bytes = text.strip().getBytes(StandardCharsets.UTF_8);
        byte[] buffer = new byte[bytes.length + 64];
        int size = 0;
        try (Deflater deflater = new Deflater()) {
            deflater.setInput(bytes);
            deflater.finish();
            while (!deflater.finished()) {
                size += deflater.deflate(buffer);
            }
        }
        return bytes.length / (double) size;
    }
}
