package dev.parlo.engine.audio;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Prints how fast audio is read and written, and what a long file costs in memory. Not a test: its
 * figures are in docs/audio.md, with the command.
 */
final class AudioSpeed {
    private AudioSpeed() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("audio-speed");
        String noise = "-f lavfi -i anoisesrc=d=%d:c=pink:a=0.3:r=44100 -ac 2 ";
        String[] codecs = {
            "-c:a pcm_s16le -f wav",
            "-c:a flac -f flac",
            "-c:a libmp3lame -f mp3",
            "-c:a libopus -ar 48000 -f ogg",
            "-c:a aac -f mp4"
        };
        try (AudioDecoder decoder = new AudioDecoder(1, AudioLimits.unlimited())) {
            for (String codec : codecs) {
                Path file =
                        FfmpegProgram.make(
                                String.format(Locale.ROOT, noise, 60) + codec, folder.resolve("a"));
                read(decoder.open(file));
                long start = System.nanoTime();
                read(decoder.open(file));
                print("read 60 s of", codec, System.nanoTime() - start, 60);
            }
            String tone = "-f lavfi -i sine=d=%d:r=16000 -c:a libmp3lame -f mp3";
            Path minute =
                    FfmpegProgram.make(String.format(Locale.ROOT, tone, 60), folder.resolve("m"));
            Path hours =
                    FfmpegProgram.make(
                            String.format(Locale.ROOT, tone, 7_200), folder.resolve("h"));
            long small = Samples.leastNativeKilobytes(() -> read(decoder.open(minute)));
            long large = Samples.leastNativeKilobytes(() -> read(decoder.open(hours)));
            System.out.printf(
                    Locale.ROOT,
                    "native memory, 2 hours against 1 minute: %+d kB%n",
                    large - small);
        }
        float[] second = new float[24_000];
        for (int i = 0; i < second.length; i++) {
            second[i] = (float) (0.3 * Math.sin(0.05 * i) + 0.1 * Math.sin(0.31 * i));
        }
        try (AudioEncoders encoders = new AudioEncoders(1)) {
            for (AudioFormat format : AudioFormat.values()) {
                write(encoders, format, second);
                long start = System.nanoTime();
                write(encoders, format, second);
                print("write 60 s as", format.id(), System.nanoTime() - start, 60);
            }
        }
    }

    private static void read(AudioSource source) {
        float[] block = new float[16_384];
        try (AudioSource.Reader reader = source.open()) {
            while (reader.read(block) >= 0) {
                // only the time counts
            }
        }
    }

    private static void write(AudioEncoders encoders, AudioFormat format, float[] second)
            throws IOException {
        try (AudioEncoder encoder =
                encoders.open(format, 24_000, 24_000, OutputStream.nullOutputStream())) {
            for (int i = 0; i < 60; i++) {
                encoder.write(second, second.length);
            }
            encoder.finish();
        }
    }

    private static void print(String what, String kind, long nanos, int seconds) {
        System.out.printf(
                Locale.ROOT,
                "%s %-28s %6.0f ms, %5.0f times real time%n",
                what,
                kind,
                nanos / 1e6,
                seconds / (nanos / 1e9));
    }
}
