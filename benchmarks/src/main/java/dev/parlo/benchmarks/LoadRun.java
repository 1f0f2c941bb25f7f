package dev.parlo.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Many clients at one server on this machine for a while: transcriptions and speech side by side, a
 * quarter of them leaving before their answer. Prints what they were answered and what is left of
 * it in the server afterwards; fails when something is.
 *
 * <p>Arguments: address of the server, its process id, its temporary folder, seconds, transcription
 * clients, speech clients, a folder of recordings.
 */
final class LoadRun {
    private static final String BOUNDARY = "parlo-load";
    private static final String TEXT =
            "The clients of this run ask for short answers. Some of them leave before they come.";

    /** Of a hundred requests, this many are given up before their answer. */
    private static final int LEAVING = 25;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI server;
    private final long end;
    private final ConcurrentMap<String, LongAdder> outcomes = new ConcurrentHashMap<>();
    private final List<Double> transcriptions = Collections.synchronizedList(new ArrayList<>());
    private final List<Double> speeches = Collections.synchronizedList(new ArrayList<>());
    private final List<Double> probes = Collections.synchronizedList(new ArrayList<>());

    private LoadRun(URI server, int seconds) {
        this.server = server;
        this.end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    public static void main(String[] arguments) throws Exception {
        URI server = URI.create(arguments[0]);
        if (!server.getHost().equals("127.0.0.1")) {
            throw new IllegalArgumentException("Only a server on 127.0.0.1 is put under load.");
        }
        Path process = Path.of("/proc", arguments[1]);
        Path temporary = Path.of(arguments[2]);
        LoadRun run = new LoadRun(server, Integer.parseInt(arguments[3]));
        long before = status(process, "VmRSS:");
        run.clients(
                Integer.parseInt(arguments[4]),
                Integer.parseInt(arguments[5]),
                recordings(Path.of(arguments[6])));
        run.report(before, process, temporary);
    }

    private static List<byte[]> recordings(Path folder) throws IOException {
        List<byte[]> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(".flac")) {
                    all.add(Files.readAllBytes(file));
                }
            }
        }
        return all;
    }

    private void clients(int transcribers, int speakers, List<byte[]> recordings)
            throws InterruptedException {
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < transcribers; i++) {
            Random random = new Random(i);
            clients.add(
                    Thread.startVirtualThread(() -> {
                        while (System.nanoTime() < end) {
                            byte[] audio = recordings.get(random.nextInt(recordings.size()));
                            ask("transcription", transcription(audio, random), random);
                        }
                    }));
        }
        for (int i = 0; i < speakers; i++) {
            Random random = new Random(1000 + i);
            clients.add(
                    Thread.startVirtualThread(() -> {
                        while (System.nanoTime() < end) {
                            ask("speech", speech(random), random);
                        }
                    }));
        }
        clients.add(Thread.startVirtualThread(this::probe));
        for (Thread client : clients) {
            client.join();
        }
    }

    private HttpRequest transcription(byte[] audio, Random random) {
        boolean stream = random.nextInt(4) == 0;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        String text =
                part("model", "parlo/whisper-nano.en")
                        + part("stream", Boolean.toString(stream))
                        + "--"
                        + BOUNDARY
                        + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.flac\""
                        + "\r\nContent-Type: audio/flac\r\n\r\n";
        body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        body.writeBytes(audio);
        body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(server.resolve("/v1/audio/transcriptions"))
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                .build();
    }

    private static String part(String name, String value) {
        return "--"
                + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\""
                + name
                + "\"\r\n\r\n"
                + value
                + "\r\n";
    }

    private HttpRequest speech(Random random) {
        String format = List.of("wav", "mp3", "opus", "pcm").get(random.nextInt(4));
        String json =
                "{\"model\":\"espeak-ng/espeak-ng\",\"voice\":\"en-us\",\"input\":\""
                        + TEXT.repeat(1 + random.nextInt(5))
                        + "\",\"response_format\":\""
                        + format
                        + "\"}";
        return HttpRequest.newBuilder(server.resolve("/v1/audio/speech"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
    }

    private void ask(String kind, HttpRequest request, Random random) {
        long start = System.nanoTime();
        boolean leaves = random.nextInt(100) < LEAVING;
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
        try {
            HttpResponse<byte[]> response =
                    leaves
                            ? answer.get(random.nextInt(2000), TimeUnit.MILLISECONDS)
                            : answer.get(5, TimeUnit.MINUTES);
            count(kind + " " + response.statusCode());
            if (response.statusCode() == 200) {
                (kind.equals("speech") ? speeches : transcriptions)
                        .add((System.nanoTime() - start) / 1e9);
            } else {
                String wait = response.headers().firstValue("Retry-After").orElse("1");
                Thread.sleep(Duration.ofSeconds(Long.parseLong(wait)));
            }
        } catch (TimeoutException left) {
            answer.cancel(true); // closes the connection
            count(kind + (leaves ? " left" : " TIMED OUT"));
        } catch (CancellationException | CompletionException | InterruptedException
                | java.util.concurrent.ExecutionException failure) {
            count(kind + " FAILED " + failure);
        }
    }

    /** Whether the server still answers others meanwhile. */
    private void probe() {
        HttpRequest health = HttpRequest.newBuilder(server.resolve("/health")).build();
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            try {
                int status =
                        http.send(health, HttpResponse.BodyHandlers.discarding()).statusCode();
                count("health " + status);
                probes.add((System.nanoTime() - start) / 1e9);
                Thread.sleep(200);
            } catch (IOException | InterruptedException failure) {
                count("health FAILED " + failure);
            }
        }
    }

    private void count(String outcome) {
        outcomes.computeIfAbsent(outcome, any -> new LongAdder()).increment();
    }

    private void report(long before, Path process, Path temporary) throws Exception {
        String running = "";
        for (int i = 0; i < 60 && !running.contains("\"leases\":0"); i++) {
            Thread.sleep(500); // those that left last are noticed within a quarter of a second
            running = body("/api/ps");
        }
        Map<String, Object> figures = new TreeMap<>();
        outcomes.forEach((outcome, count) -> figures.put(outcome, count.sum()));
        figures.put("transcription seconds, median and 95 %", quantiles(transcriptions));
        figures.put("speech seconds, median and 95 %", quantiles(speeches));
        figures.put("health seconds, median and 95 %", quantiles(probes));
        figures.put("server resident MB before", before >> 20);
        figures.put("server resident MB after", status(process, "VmRSS:") >> 20);
        figures.put("server threads after", threads(process));
        figures.put("server open files after", entries(process.resolve("fd")));
        long files = files(temporary);
        figures.put("temporary files after", files);
        boolean idle = !running.matches("(?s).*\"leases\":[1-9].*");
        figures.put("leases after", idle ? 0 : running);
        figures.forEach((name, value) -> System.out.println(name + ": " + value));
        boolean failed =
                outcomes.keySet().stream()
                        .anyMatch(name -> name.contains("FAILED") || name.contains(" 5")
                                || name.contains("TIMED OUT"));
        if (failed || !idle || files > 0) {
            System.out.println("Something failed or was left behind.");
            System.exit(1);
        }
    }

    private String body(String path) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(server.resolve(path)).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static String quantiles(List<Double> seconds) {
        if (seconds.isEmpty()) {
            return "none";
        }
        List<Double> sorted = seconds.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "%.2f, %.2f",
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 95 / 100));
    }

    private static long threads(Path process) throws IOException {
        return entries(process.resolve("task"));
    }

    private static long entries(Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.count();
        }
    }

    /** Uploads and spools; the lock of the uploads' folder stays while the server runs. */
    private static long files(Path folder) throws IOException {
        try (Stream<Path> list = Files.walk(folder)) {
            return list.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("in-use"))
                    .count();
        }
    }

    private static long status(Path process, String field) throws IOException {
        try (InputStream in = Files.newInputStream(process.resolve("status"))) {
            for (String line :
                    new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (line.startsWith(field)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        }
        return 0;
    }
}
