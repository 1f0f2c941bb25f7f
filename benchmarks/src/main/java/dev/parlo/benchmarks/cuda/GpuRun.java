package dev.parlo.benchmarks.cuda;

import dev.parlo.benchmarks.Shape;
import dev.parlo.benchmarks.cuda.Checks.Planned;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectMapper;

/**
 * Asks everything, each check in a process of its own with its own limit, prints a table and writes
 * the same as JSON. A check that crashes or hangs costs its own time only. Models are made
 * meanwhile.
 *
 * <p>Arguments: {@code gpu} or {@code cpu}, home, data, natives, file to write, seconds in all,
 * folders of CUDA's libraries.
 */
public final class GpuRun {
    private static final PrintStream OUT = System.out;

    private final List<String> arguments;
    private final Path data;
    private final Path logs;
    private final long end;
    private final Map<Shape, Process> makers = new EnumMap<>(Shape.class);
    private final List<Map<String, Object>> results = new ArrayList<>();

    private GpuRun(List<String> arguments) throws IOException {
        this.arguments = arguments;
        this.data = Files.createDirectories(Path.of(arguments.get(2)));
        this.logs = Files.createDirectories(data.resolve("logs"));
        this.end =
                System.nanoTime()
                        + Duration.ofSeconds(Long.parseLong(arguments.get(5))).toNanos();
    }

    public static void main(String[] arguments) throws Exception {
        new GpuRun(List.of(arguments)).run();
    }

    private void run() throws Exception {
        List<Path> folders = arguments.stream().skip(6).map(Path::of).toList();
        Bench bench =
                new Bench(arguments.getFirst().equals("cpu"), Path.of(arguments.get(1)), data);
        Checks checks = Checks.of(bench, Path.of(arguments.get(3)), folders);
        for (Shape shape : checks.models()) {
            makers.put(shape, start("model " + shape.label()));
        }
        try {
            for (Planned planned : checks.list()) {
                ask(planned);
            }
        } finally {
            makers.values().forEach(Process::destroyForcibly);
        }
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(Path.of(arguments.get(4)).toFile(), results);
        long missed =
                results.stream().filter(result -> !"done".equals(result.get("state"))).count();
        OUT.printf(
                Locale.ROOT,
                "%d checks, %d of them not done; written to %s%n",
                results.size(),
                missed,
                arguments.get(4));
    }

    private void ask(Planned planned) throws IOException, InterruptedException {
        long start = System.nanoTime();
        String state = "done";
        List<Findings.Line> lines = List.of();
        for (Shape shape : planned.models()) {
            Process maker = makers.get(shape);
            if (maker != null && !maker.waitFor(left(), TimeUnit.NANOSECONDS)) {
                state = "not run: its model was not ready in time";
            } else if (maker != null && maker.exitValue() != 0) {
                state = "not run: its model could not be made, see " + log("model " + shape.label());
            }
        }
        long limit = Math.min(planned.limit().toNanos(), left());
        if (state.equals("done") && limit < Duration.ofSeconds(5).toNanos()) {
            state = "not run: no time left";
        }
        if (state.equals("done")) {
            Process process = start(planned.name());
            if (!process.waitFor(limit, TimeUnit.NANOSECONDS)) {
                process.destroyForcibly().waitFor();
                state = "took longer than " + Duration.ofNanos(limit).toSeconds() + " s";
            } else if (process.exitValue() != 0) {
                state = "failed, status " + process.exitValue() + ": " + last(planned.name());
            } else {
                lines = read(planned.name());
            }
        }
        tell(planned, state, lines, System.nanoTime() - start);
    }

    private long left() {
        return Math.max(0, end - System.nanoTime());
    }

    private Process start(String name) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin/java");
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xmx3g",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        GpuCheck.class.getName()));
        command.addAll(arguments.subList(0, 4));
        command.add(name);
        command.addAll(arguments.subList(6, arguments.size()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log(name).toFile())
                .start();
    }

    private Path log(String name) {
        return logs.resolve(name.replace(' ', '-') + ".log");
    }

    private List<Findings.Line> read(String name) throws IOException {
        try (Stream<String> lines = Files.lines(log(name), StandardCharsets.UTF_8)) {
            String json =
                    lines.filter(line -> line.startsWith(GpuCheck.MARK))
                            .reduce((first, second) -> second)
                            .orElseThrow(() -> new IOException(name + " says nothing"))
                            .substring(GpuCheck.MARK.length());
            return new ObjectMapper().readValue(json, new TypeReference<>() {});
        }
    }

    /** The line that says most about a failure: the first of an exception, else the last. */
    private String last(String name) throws IOException {
        List<String> lines;
        try (Stream<String> all = Files.lines(log(name), StandardCharsets.ISO_8859_1)) {
            lines = all.filter(line -> !line.isBlank()).toList();
        }
        return lines.stream()
                .filter(line -> line.contains("Exception") || line.contains("Error"))
                .findFirst()
                .orElse(lines.isEmpty() ? "no output" : lines.getLast());
    }

    private void tell(Planned planned, String state, List<Findings.Line> lines, long nanos) {
        OUT.printf(
                Locale.ROOT,
                "%n%s (%.1f s): %s%n",
                planned.name(),
                nanos / 1e9,
                state);
        for (Findings.Line line : lines) {
            OUT.printf(
                    Locale.ROOT,
                    "  %s %-44s %s%s%n",
                    line.reached() ? " " : "!",
                    line.what(),
                    line.value(),
                    line.goal().isEmpty() ? "" : "   (goal: " + line.goal() + ")");
        }
        OUT.flush();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("check", planned.name());
        result.put("state", state);
        result.put("seconds", Math.round(nanos / 1e8) / 10.0);
        result.put("findings", lines);
        results.add(result);
    }
}
