package dev.parlo.server.hostile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program in a process of its own, which may end where it is attacked. */
final class StartedServer implements AutoCloseable {
    private static final int HEAP_MEGABYTES = 640;
    private static final int START_SECONDS = 120;
    private static final Pattern LISTENS =
            Pattern.compile(" listens on http://127\\.0\\.0\\.1:(\\d+)\\R");

    private final Process process;
    private final Target target;
    private final Path log;

    /**
     * Starts it on a free port and waits until it listens.
     *
     * @param folder for caches, models and its log
     * @param home the folder of the program
     */
    StartedServer(Path folder, Path home) throws IOException, InterruptedException {
        this(folder, home, Map.of());
    }

    /**
     * The same with further settings.
     *
     * @param settings environment variables
     */
    StartedServer(Path folder, Path home, Map<String, String> settings)
            throws IOException, InterruptedException {
        process = launch(folder, home, settings);
        log = log(folder);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        Matcher listens = LISTENS.matcher(Files.readString(log));
        while (!listens.find()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IOException("The server does not start:\n" + Files.readString(log));
            }
            Thread.sleep(100);
            listens = LISTENS.matcher(Files.readString(log));
        }
        target = new Target(Integer.parseInt(listens.group(1)));
    }

    /** Starts it and does not wait; {@link #temporary} and {@link #log} are within the folder. */
    static Process launch(Path folder, Path home, Map<String, String> settings) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + HEAP_MEGABYTES + "m",
                        // an answer of 500 would hide that the memory ran out
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=" + folder.resolve("hs_err.log"),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dparlo.home=" + home,
                        "-Dlogback.configurationFile=logback.xml", // not the tests', which is
                        // silent
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.parlo.server.Main",
                        "serve",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        "0");
        builder.environment().remove("API_KEY");
        builder.environment().put("HF_HUB_OFFLINE", "1");
        builder.environment().put("HF_HUB_CACHE", folder.resolve("hub").toString());
        builder.environment().put("PARLO_CACHE_DIR", folder.resolve("cache").toString());
        builder.environment()
                .put("MODELS_PATH", Files.createDirectories(folder.resolve("models")).toString());
        builder.environment()
                .put("PARLO_TMP_DIR", Files.createDirectories(temporary(folder)).toString());
        builder.environment().putAll(settings);
        return builder.redirectErrorStream(true).redirectOutput(log(folder).toFile()).start();
    }

    /** Where it keeps uploads. */
    static Path temporary(Path folder) {
        return folder.resolve("tmp");
    }

    static Path log(Path folder) {
        return folder.resolve("server.log");
    }

    Target target() {
        return target;
    }

    boolean alive() {
        return process.isAlive();
    }

    /** The end of its log. */
    String lastLines() throws IOException {
        String all = Files.readString(log);
        return all.substring(Math.max(0, all.length() - 6000));
    }

    /** Ends it as a service manager would; answers its exit code. */
    int stop() throws InterruptedException {
        return stop(process);
    }

    static int stop(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return process.waitFor();
    }

    @Override
    public void close() {
        target.close();
        process.destroyForcibly();
    }
}
