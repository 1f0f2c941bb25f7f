package dev.parlo.benchmarks.realtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server's process holds and uses (Linux only).
 *
 * @param id of the process
 */
record ServerProcess(String id) {
    private static final double TICKS = 100; // USER_HZ of every Linux that runs Java
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    /** Seconds of processor time so far. */
    double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc", id, "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
    }

    /** Resident megabytes. */
    double residentMb() throws IOException {
        return status("VmRSS:") / 1024.0;
    }

    long threads() throws IOException {
        return status("Threads:");
    }

    private long status(String key) throws IOException {
        return Files.readAllLines(Path.of("/proc", id, "status")).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }

    /** Megabytes of the Java heap that are alive: it is collected first. */
    double liveHeapMb() throws IOException, InterruptedException {
        var unused = jcmd("GC.run");
        Matcher used = USED.matcher(jcmd("GC.heap_info"));
        double sum = 0;
        while (used.find()) {
            // The heap's own lines alone: metaspace follows.
            sum += Long.parseLong(used.group(1)) / 1024.0;
        }
        return sum;
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Process run =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                id,
                                command)
                        .redirectErrorStream(true)
                        .start();
        String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        run.waitFor();
        int metaspace = said.indexOf("Metaspace");
        return metaspace < 0 ? said : said.substring(0, metaspace);
    }
}
