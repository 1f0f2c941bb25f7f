package dev.parlo.server.speech;

import dev.parlo.engine.SpeechChunk;
import dev.parlo.engine.audio.AudioEncoder;
import dev.parlo.engine.audio.AudioEncoders;
import dev.parlo.engine.audio.AudioTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;

/** One audio stream cut into base64 pieces, for answers in JSON. Used by one thread. */
final class EncodedChunks implements AutoCloseable {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final AudioEncoder encoder;

    EncodedChunks(AudioEncoders encoders, AudioTarget target, int inputRate) {
        try {
            encoder = encoders.open(target, inputRate, bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The bytes that became ready with this chunk; may be empty. */
    String add(SpeechChunk chunk) {
        try {
            encoder.write(chunk.samples(), chunk.samples().length);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return take();
    }

    /** The last bytes; may be empty. */
    String finish() {
        try {
            encoder.finish();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return take();
    }

    private String take() {
        String base64 = Base64.getEncoder().encodeToString(bytes.toByteArray());
        bytes.reset();
        return base64;
    }

    @Override
    public void close() {
        encoder.close();
    }
}
