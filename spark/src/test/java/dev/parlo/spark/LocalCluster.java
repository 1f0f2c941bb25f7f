package dev.parlo.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A run of {@code spark/local-cluster}: the driver's process, and each worker's. */
final class LocalCluster implements AutoCloseable {
    private static final String EXECUTOR = "CoarseGrainedExecutorBackend";

    private final Process driver;
    private final Path log;

    private LocalCluster(Process driver, Path log) {
        this.driver = driver;
        this.log = log;
    }

    static LocalCluster start(Path log, int workers, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("./local-cluster", "" + workers));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // short runs: what a compiler or a plan of two hundred parts would gain costs more
        builder.environment().put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1");
        builder.environment().put("SPARK_CONF", "--conf spark.sql.shuffle.partitions=2");
        return new LocalCluster(builder.redirectOutput(log.toFile()).start(), log);
    }

    List<ProcessHandle> executors() {
        return driver.descendants()
                .filter(process -> process.info().commandLine().orElse("").contains(EXECUTOR))
                .toList();
    }

    /** Waits until it ends by itself. */
    String ended(int status) throws Exception {
        assertThat(driver.waitFor(15, TimeUnit.MINUTES)).isTrue();
        String text = Files.readString(log);
        assertThat(driver.exitValue()).as(text).isEqualTo(status);
        return text;
    }

    boolean runs() {
        return driver.isAlive();
    }

    /** Ends all of its processes, as a power cut would. */
    @Override
    public void close() {
        try (Stream<ProcessHandle> all = driver.descendants()) {
            List<ProcessHandle> others = all.toList();
            driver.destroyForcibly();
            others.forEach(ProcessHandle::destroyForcibly);
        }
        driver.onExit().join();
    }
}
