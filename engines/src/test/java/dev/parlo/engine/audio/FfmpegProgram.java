package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.ffmpeg;
import org.bytedeco.javacpp.Loader;

/** The ffmpeg program that comes with the libraries: it makes test files and reference answers. */
final class FfmpegProgram {
    private FfmpegProgram() {}

    /** Runs it with {@code arguments}, split at blanks, and {@code output} as the last one. */
    static Path make(String arguments, Path output) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Loader.load(ffmpeg.class));
        command.addAll(List.of("-v", "error", "-nostdin", "-y"));
        command.addAll(List.of(arguments.split(" ")));
        command.add(output.toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as("%s said %s", command, said).isZero();
        return output;
    }

    /** What it decodes a file to, as the values that {@link AudioSource} yields. */
    static float[] decode(Path file, Path folder) throws IOException, InterruptedException {
        Path pcm = folder.resolve("reference.pcm");
        make("-i " + file + " -map 0:a:0 -ac 1 -ar 16000 -f s16le", pcm);
        byte[] bytes = Files.readAllBytes(pcm);
        float[] samples = new float[bytes.length / 2];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (bytes[2 * i] & 0xff | bytes[2 * i + 1] << 8) / 32768f;
        }
        return samples;
    }
}
