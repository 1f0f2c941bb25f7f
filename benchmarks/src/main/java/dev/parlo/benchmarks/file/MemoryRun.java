package dev.parlo.benchmarks.file;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.ObjectMapper;

/**
 * Has a server transcribe a long recording as a stream of events, and samples what the server's
 * process holds resident meanwhile (Linux only).
 *
 * <p>Arguments: address of the server, its process id, recording, JSON to write, SVG to write,
 * fields of the form as {@code name=value}.
 */
final class MemoryRun {
    private static final long INTERVAL_MS = 500;

    private final Path status;
    private final long start = System.nanoTime();
    private final List<Plot.Point> resident = new ArrayList<>();

    private MemoryRun(String process) {
        status = Path.of("/proc", process, "status");
    }

    public static void main(String[] arguments) throws Exception {
        MemoryRun run = new MemoryRun(arguments[1]);
        List<String> fields = new ArrayList<>(Arrays.asList(arguments).subList(5, arguments.length));
        fields.add("stream=true");
        Map<String, Object> result =
                run.measure(new Upload(URI.create(arguments[0]), Path.of(arguments[2]), fields));
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(Path.of(arguments[3]).toFile(), result);
        String title = "Resident memory above idle while a long recording is transcribed";
        Files.writeString(
                Path.of(arguments[4]),
                new Plot(title, "minutes", "MB above idle").svg(run.resident));
        System.err.println(result);
    }

    private Map<String, Object> measure(Upload upload) throws Exception {
        double idle = megabytes();
        Thread sampler = Thread.ofPlatform().daemon().start(() -> sample(idle));
        double first = Double.NaN;
        int segments = 0;
        boolean done = false;
        try (Stream<String> lines = upload.lines()) {
            for (String line : (Iterable<String>) lines::iterator) {
                if (line.contains("transcript.text.delta")) {
                    first = segments == 0 ? seconds() : first;
                    segments++;
                }
                if (line.contains("\"error\"")) {
                    throw new IllegalStateException(line);
                }
                done |= line.contains("transcript.text.done");
            }
        }
        double all = seconds();
        sampler.interrupt();
        sampler.join();
        if (!done) {
            throw new IllegalStateException("The answer has no end.");
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("title", "A long recording, streamed: " + upload.file().getFileName());
        result.put("MB of the upload", rounded(Files.size(upload.file()) / 1e6));
        result.put("segments", segments);
        result.put("seconds until the first segment", rounded(first));
        result.put("seconds, all", rounded(all));
        result.put("MB resident, idle", rounded(idle));
        for (int quarter = 1; quarter <= 4; quarter++) {
            result.put(
                    "MB above idle, most in quarter " + quarter,
                    rounded(most((quarter - 1) * all / 4, quarter * all / 4)));
        }
        return result;
    }

    private double most(double from, double to) {
        return resident.stream()
                .filter(point -> point.x() * 60 >= from && point.x() * 60 <= to)
                .mapToDouble(Plot.Point::y)
                .max()
                .orElse(0);
    }

    private void sample(double idle) {
        try {
            while (true) {
                resident.add(new Plot.Point(seconds() / 60, megabytes() - idle));
                Thread.sleep(INTERVAL_MS);
            }
        } catch (InterruptedException over) {
            return; // all lines have come
        } catch (IOException gone) {
            throw new IllegalStateException("The server has ended.", gone);
        }
    }

    private double megabytes() throws IOException {
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) * 1024 / 1e6)
                .findFirst()
                .orElseThrow();
    }

    private double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    private static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.1f", value));
    }
}
