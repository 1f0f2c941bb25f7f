package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.ffmpeg.ffmpeg;
import org.bytedeco.javacpp.Loader;

/** The ffmpeg program that comes with the libraries: it makes test files and reference answers. */
final class FfmpegProgram {
    private static final Path FOLDER = unpacked();

    private FfmpegProgram() {}

    /**
     * The program beside its libraries. JavaCPP's loader would load all of them into this process
     * first, libavdevice too, which fails without PulseAudio.
     */
    private static Path unpacked() {
        String folder = "/org/bytedeco/ffmpeg/" + Loader.getPlatform();
        try {
            // Surefire runs tests in several processes, and a program that runs is not replaced.
            String process = System.getProperty("test.fork", "1");
            Path target = Path.of("target", "ffmpeg-program", process).toAbsolutePath();
            Files.createDirectories(target);
            URI jar = ffmpeg.class.getResource(folder + "/ffmpeg").toURI();
            try (FileSystem files = FileSystems.newFileSystem(jar, Map.of());
                    Stream<Path> names = Files.list(files.getPath(folder))) {
                for (Path name : names.toList()) {
                    Path copy = target.resolve(name.getFileName().toString());
                    Files.copy(name, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
            assertThat(target.resolve("ffmpeg").toFile().setExecutable(true)).isTrue();
            PulseStandIn.write(target);
            return target;
        } catch (IOException | URISyntaxException failure) {
            throw new IllegalStateException("The ffmpeg program cannot be unpacked.", failure);
        }
    }

    /** Runs it with {@code arguments}, split at blanks, and {@code output} as the last one. */
    static Path make(String arguments, Path output) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(FOLDER.resolve("ffmpeg").toString());
        command.addAll(List.of("-v", "error", "-nostdin", "-y"));
        command.addAll(List.of(arguments.split(" ")));
        command.add(output.toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LD_LIBRARY_PATH", FOLDER.toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as("%s said %s", command, said).isZero();
        return output;
    }

    /** What it decodes a file to, as the values that {@link AudioSource} yields. */
    static float[] decode(Path file, Path folder) throws IOException, InterruptedException {
        return decode(file, folder, "", "-ac 1");
    }

    /**
     * The same with other arguments.
     *
     * @param before for reading, ends with a blank unless empty
     */
    static float[] decode(Path file, Path folder, String before, String after)
            throws IOException, InterruptedException {
        Path pcm = folder.resolve("reference.pcm");
        make(before + "-i " + file + " -map 0:a:0 " + after + " -ac 1 -ar 16000 -f s16le", pcm);
        byte[] bytes = Files.readAllBytes(pcm);
        float[] samples = new float[bytes.length / 2];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (bytes[2 * i] & 0xff | bytes[2 * i + 1] << 8) / 32768f;
        }
        return samples;
    }
}
