package dev.parlo.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.embed.SpeechEngines;
import dev.parlo.engine.speaker.ToneVoices;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job's own file on a cluster of this machine: the driver and two workers, each a process. Some
 * of the archive cannot be read.
 */
class ArchiveClusterTest {
    private static final Path SAMPLES = Path.of("../samples");
    private static final int COPIES = 10;

    @TempDir Path folder;
    private HttpServer web;
    private SparkSession spark;

    @BeforeEach
    void makeArchive() throws IOException {
        Path audio = Files.createDirectories(folder.resolve("audio/below"));
        for (int i = 0; i < COPIES; i++) {
            Files.copy(SAMPLES.resolve("a-miracle.flac"), audio.resolve("miracle-" + i + ".flac"));
        }
        byte[] noise = new byte[20_000];
        new Random(1).nextBytes(noise);
        Files.write(audio.resolve("noise.mp3"), noise);
        Files.createFile(audio.resolve("empty.wav"));
        byte[] flac = Files.readAllBytes(SAMPLES.resolve("a-miracle.flac"));
        Files.write(audio.resolve("head-only.flac"), Arrays.copyOf(flac, 60));
        Files.write(audio.resolve("long.wav"), longRecording());

        web = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        web.createContext(
                "/scientists",
                exchange -> {
                    byte[] file = Files.readAllBytes(SAMPLES.resolve("the-scientists.flac"));
                    exchange.sendResponseHeaders(200, file.length);
                    exchange.getResponseBody().write(file);
                    exchange.close();
                });
        web.start();
        Files.writeString(
                folder.resolve("urls.csv"),
                "url,note\n" + at("127.0.0.1", "/scientists") + ",a\n"
                        + at("127.0.0.1", "/missing") + ",b\n"
                        + at("localhost", "/scientists") + ",c\n"
                        + at("127.0.0.1", "/scientists") + ",twice\n",
                StandardCharsets.UTF_8);
        spark =
                SparkSession.builder()
                        .master("local[1]")
                        .config("spark.ui.enabled", false)
                        .getOrCreate();
    }

    @AfterEach
    void stop() throws IOException {
        spark.close();
        web.stop(0);
    }

    private String at(String host, String path) {
        return "http://" + host + ":" + web.getAddress().getPort() + path;
    }

    /** Two sentences in turn, each with a pause after it: 100 s, which is more than a piece. */
    private static byte[] longRecording() {
        float[] samples = new float[110 * AudioSource.SAMPLE_RATE];
        int length = 0;
        try (SpeechEngines engines = SpeechEngines.open()) {
            for (int i = 0; i < 7; i++) {
                for (String name : List.of("a-miracle.flac", "the-scientists.flac")) {
                    length = append(engines.audio(SAMPLES.resolve(name)), samples, length);
                    length += 2 * AudioSource.SAMPLE_RATE;
                }
            }
        }
        return ToneVoices.wav(Arrays.copyOf(samples, length));
    }

    private static int append(AudioSource audio, float[] samples, int length) {
        float[] block = new float[4096];
        int end = length;
        try (AudioSource.Reader reader = audio.open()) {
            for (int n = reader.read(block); n >= 0; n = reader.read(block)) {
                System.arraycopy(block, 0, samples, end, n);
                end += n;
            }
        }
        return end;
    }

    private LocalCluster start(Path output) throws IOException {
        return LocalCluster.start(
                folder.resolve("log.txt"),
                2,
                List.of(
                        "--model=" + Path.of("../models/parlo/whisper-nano.en").toRealPath(),
                        "--longest-piece=30",
                        "--audio=" + folder.resolve("audio"),
                        "--audio=" + folder.resolve("gone.wav"),
                        "--table=" + folder.resolve("urls.csv"),
                        "--fetch",
                        "--private-host=127.0.0.1",
                        "--output=" + output));
    }

    private static Map<Path, FileTime> kept(Path output) throws IOException {
        Path pieces = output.resolve("checkpoint/pieces");
        Map<Path, FileTime> kept = new HashMap<>();
        if (Files.isDirectory(pieces)) {
            try (Stream<Path> all = Files.list(pieces)) {
                for (Path file : all.filter(one -> one.toString().endsWith(".json")).toList()) {
                    kept.put(file, Files.getLastModifiedTime(file));
                }
            }
        }
        return kept;
    }

    private List<Row> rows(Path output, String table, String... sort) {
        return spark.read()
                .parquet(output.resolve(table).toString())
                .sort(sort[0], sort)
                .collectAsList();
    }

    private List<Row> segments(Path output) {
        return rows(output, "segments", "file", "piece", "segment");
    }

    @Test
    void aJobThatLosesAWorkerAndThenAllProcessesEndsWithTheTableOfOneThatDidNot() throws Exception {
        Path whole = folder.resolve("whole");
        try (LocalCluster cluster = start(whole)) {
            assertThat(cluster.ended(0)).contains("18 files (6 unread)");
        }
        Path broken = folder.resolve("broken");
        try (LocalCluster cluster = start(broken)) {
            awaitKept(cluster, broken, 1);
            List<ProcessHandle> executors = cluster.executors();
            assertThat(executors).hasSize(2);
            assertThat(executors.getFirst().destroyForcibly()).isTrue();
            awaitKept(cluster, broken, kept(broken).size() + 1);
        }
        Map<Path, FileTime> before = kept(broken);
        assertThat(broken.resolve("segments")).doesNotExist();

        try (LocalCluster cluster = start(broken)) {
            assertThat(cluster.ended(0)).contains("18 files (6 unread)");
        }

        assertThat(kept(broken)).containsAllEntriesOf(before);
        assertThat(kept(broken)).hasSizeGreaterThan(before.size());
        assertThat(segments(broken)).isEqualTo(segments(whole));
        assertThat(rows(broken, "files", "file")).isEqualTo(rows(whole, "files", "file"));
        whatIsInTheTables(whole);
        aThirdRunHasNothingToDo(broken);
    }

    private static void awaitKept(LocalCluster cluster, Path output, int files) {
        await().atMost(Duration.ofMinutes(10))
                .until(() -> !cluster.runs() || kept(output).size() >= files);
        assertThat(cluster.runs()).isTrue();
    }

    private void whatIsInTheTables(Path output) {
        List<String> errors = new ArrayList<>();
        double last = 0;
        int inLong = 0;
        for (Row row : segments(output)) {
            String file = row.getAs("file");
            Row error = row.getAs("error");
            if (error != null) {
                assertThat(row.<String>getAs("text")).isNull();
                errors.add(
                        file.substring(file.lastIndexOf('/') + 1)
                                + " "
                                + error.getAs("category"));
                continue;
            }
            assertThat(row.<String>getAs("text")).isNotBlank();
            assertThat(row.<String>getAs("language")).isEqualTo("en");
            assertThat(row.<scala.collection.Seq<?>>getAs("words").size()).isPositive();
            if (file.endsWith("/long.wav")) {
                assertThat(row.<Double>getAs("start")).isGreaterThanOrEqualTo(last - 0.5);
                last = row.getAs("end");
                inLong++;
            }
        }
        assertThat(errors)
                .containsExactlyInAnyOrder(
                        "noise.mp3 unsupported_audio",
                        "empty.wav bad_audio",
                        "head-only.flac unsupported_audio",
                        "gone.wav unreadable",
                        "missing not_fetched",
                        "scientists not_fetched");
        assertThat(inLong).isGreaterThan(8);
        assertThat(last).isBetween(95.0, 110.0);
    }

    private void aThirdRunHasNothingToDo(Path output) throws Exception {
        List<Row> before = segments(output);
        try (LocalCluster cluster = start(output)) {
            assertThat(cluster.ended(0)).contains("(0 transcribed now");
        }
        assertThat(segments(output)).isEqualTo(before);
    }
}
