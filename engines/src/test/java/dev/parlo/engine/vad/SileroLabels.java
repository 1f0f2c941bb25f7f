package dev.parlo.engine.vad;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Silero's judgement of training audio: writes {@code NAME.prob} (float32, one probability a
 * window) beside each {@code NAME.pcm} of a folder. A step of {@code training/vad}.
 */
final class SileroLabels {
    private SileroLabels() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("Give the Silero model and the folder.");
        }
        try (SileroVad silero = SileroVad.open(Path.of(arguments[0]));
                DirectoryStream<Path> files =
                        Files.newDirectoryStream(Path.of(arguments[1]), "*.pcm")) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName()).replace(".pcm", ".prob");
                Files.write(file.resolveSibling(name), labels(silero, Files.readAllBytes(file)));
            }
        }
    }

    private static byte[] labels(SileroVad silero, byte[] pcm) {
        int windows = pcm.length / Short.BYTES / VoiceActivityDetector.WINDOW;
        float[] samples = new float[windows * VoiceActivityDetector.WINDOW];
        ShortBuffer values = ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        for (int i = 0; i < samples.length; i++) {
            samples[i] = values.get(i) / 32_768f;
        }
        try (VoiceActivityDetector.Pass pass = silero.open()) {
            ByteBuffer out =
                    ByteBuffer.allocate(windows * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            out.asFloatBuffer().put(pass.probabilities(samples, windows));
            return out.array();
        }
    }
}
