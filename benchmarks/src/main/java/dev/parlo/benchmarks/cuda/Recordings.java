package dev.parlo.benchmarks.cuda;

import dev.parlo.engine.audio.AudioSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Recordings of 16 kHz, one channel, 16 bits, without any header. */
final class Recordings {
    private Recordings() {}

    static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".pcm")).sorted().toList();
        }
    }

    static AudioSource source(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        float[] samples = new float[bytes.remaining() / 2];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = bytes.getShort() / 32768f;
        }
        return () ->
                new AudioSource.Reader() {
                    private int at;

                    @Override
                    public int read(float[] block) {
                        int count = Math.min(block.length, samples.length - at);
                        if (count == 0) {
                            return -1;
                        }
                        System.arraycopy(samples, at, block, 0, count);
                        at += count;
                        return count;
                    }

                    @Override
                    public void close() {}
                };
    }

    /** Writes what a decoder gives, for a machine that has none. */
    static void write(AudioSource source, Path file) throws IOException {
        List<byte[]> blocks = new ArrayList<>();
        try (AudioSource.Reader reader = source.open()) {
            float[] block = new float[16_000];
            for (int read = reader.read(block); read >= 0; read = reader.read(block)) {
                ByteBuffer bytes = ByteBuffer.allocate(2 * read).order(ByteOrder.LITTLE_ENDIAN);
                for (int i = 0; i < read; i++) {
                    bytes.putShort((short) Math.clamp(Math.round(block[i] * 32768), -32768, 32767));
                }
                blocks.add(bytes.array());
            }
        }
        try (var out = Files.newOutputStream(file)) {
            for (byte[] bytes : blocks) {
                out.write(bytes);
            }
        }
    }
}
