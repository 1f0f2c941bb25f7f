package dev.parlo.engine.onnx;

import dev.parlo.engine.device.GpuProbe;
import dev.parlo.engine.device.GpuReport;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;

/**
 * Looks at the GPUs in a process of its own: a driver or a library of CUDA that is broken ends the
 * process that loads it, or holds it up for ever, and that must not be the server.
 */
public final class GpuProbeProcess {
    private static final int SECONDS = 60;
    private static final String MARK = "gpu-report ";

    private GpuProbeProcess() {}

    /**
     * Starts the process and waits for its report; a process that crashes or hangs is a report,
     * too.
     *
     * @param natives folder of the GPU natives
     * @param cudaFolders to look for CUDA's libraries in before the system does
     */
    public static GpuReport report(Path natives, List<Path> cudaFolders) {
        List<String> command = command();
        command.add(GpuProbeProcess.class.getName());
        command.add(natives.toString());
        cudaFolders.forEach(folder -> command.add(folder.toString()));
        return report(command, natives, SECONDS);
    }

    /** As {@link #report(Path, List)}, by any command that prints a report. */
    static GpuReport report(List<String> command, Path natives, int seconds) {
        Path output = null;
        try {
            output = Files.createTempFile("parlo-gpu-probe-", ".txt");
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            // A file: a pipe that nobody reads would hold the process up.
                            .redirectOutput(output.toFile())
                            .start();
            process.getOutputStream().close();
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                return refused(
                        natives,
                        "Looking at the GPUs took longer than " + seconds + " s and was given up.");
            }
            return read(output, process.exitValue(), natives);
        } catch (IOException failure) {
            return refused(natives, "The GPUs cannot be looked at: " + failure.getMessage() + ".");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return refused(natives, "Looking at the GPUs was interrupted.");
        } finally {
            delete(output);
        }
    }

    private static GpuReport read(Path output, int status, Path natives) throws IOException {
        try (Stream<String> lines = Files.lines(output, StandardCharsets.ISO_8859_1)) {
            List<String> reports = lines.filter(line -> line.startsWith(MARK)).toList();
            if (status == 0 && reports.size() == 1) {
                String json = reports.getFirst().substring(MARK.length());
                return new ObjectMapper()
                        .readValue(
                                new String(
                                        json.getBytes(StandardCharsets.ISO_8859_1),
                                        StandardCharsets.UTF_8),
                                GpuReport.class);
            }
        } catch (JacksonException unreadable) {
            // Said below: it is no report.
        }
        String signal = status > 128 ? ", signal " + (status - 128) : "";
        return refused(
                natives,
                String.format(
                        Locale.ROOT,
                        "Looking at the GPUs ended a process of its own (status %d%s): the driver, or"
                                + " a library of CUDA, is broken. Look at nvidia-smi.",
                        status,
                        signal));
    }

    private static GpuReport refused(Path natives, String why) {
        return GpuReport.none(natives.toString(), why);
    }

    private static void delete(@Nullable Path file) {
        if (file != null && !file.toFile().delete()) {
            file.toFile().deleteOnExit();
        }
    }

    private static List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin/java");
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=/dev/null",
                        "-cp",
                        System.getProperty("java.class.path")));
        return command;
    }

    /** The process: prints the report of the folder that is its first argument. */
    public static void main(String[] arguments) {
        List<Path> folders = Stream.of(arguments).map(Path::of).toList();
        GpuReport report =
                GpuProbe.ofSystem(System.getenv(), new CudaCheck())
                        .report(folders.getFirst(), folders.subList(1, folders.size()));
        String line = "\n" + MARK + new ObjectMapper().writeValueAsString(report) + "\n";
        System.out.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        System.out.flush();
        // Without the exit hooks of libraries that are done with.
        Runtime.getRuntime().halt(0);
    }
}
