package dev.parlo.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.ObjectMapper;

/**
 * Two hundred transcriptions at once at a server on this machine with a queue of sixteen: what they
 * are answered, how {@code Retry-After} compares with the time until those that were taken had been
 * answered, and whether a request afterwards is as fast as before. Fails on any answer other than
 * 200 and 429, and on a promise that is off by more than a factor of two.
 *
 * <p>Arguments: address of the server, a recording, model, file to write.
 */
final class FloodRun {
    private static final int REQUESTS = 200;
    private static final int ALONE = 7;
    private static final String BOUNDARY = "parlo-flood";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI server;
    private final byte[] body;

    private record Outcome(int status, double sentAt, double answeredAt, double promised) {}

    private FloodRun(URI server, byte[] body) {
        this.server = server;
        this.body = body;
    }

    public static void main(String[] arguments) throws Exception {
        URI server = URI.create(arguments[0]);
        if (!server.getHost().equals("127.0.0.1")) {
            throw new IllegalArgumentException("Only a server on 127.0.0.1 is put under load.");
        }
        new FloodRun(server, body(Path.of(arguments[1]), arguments[2])).run(Path.of(arguments[3]));
    }

    private static byte[] body(Path recording, String model) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String head =
                "--"
                        + BOUNDARY
                        + "\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n"
                        + model
                        + "\r\n--"
                        + BOUNDARY
                        + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.flac\""
                        + "\r\n\r\n";
        out.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(Files.readAllBytes(recording));
        out.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    private void run(Path file) throws Exception {
        Samples samples = new Samples();
        for (int i = -2; i < ALONE; i++) { // the first load the model and warm up
            (i < 0 ? new Samples() : samples).time("alone, before", 1, this::ask);
        }
        long start = System.nanoTime();
        List<Outcome> outcomes = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Outcome>> all = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                all.add(CompletableFuture.supplyAsync(() -> timed(start), clients));
            }
            for (CompletableFuture<Outcome> one : all) {
                outcomes.add(one.join());
            }
        }
        for (int i = 0; i < ALONE; i++) {
            samples.time("alone, after", 1, this::ask);
        }
        report(outcomes, samples, file);
    }

    private Outcome timed(long start) {
        double sent = (System.nanoTime() - start) / 1e9;
        HttpResponse<String> answer = ask();
        return new Outcome(
                answer.statusCode(),
                sent,
                (System.nanoTime() - start) / 1e9,
                answer.headers().firstValueAsLong("Retry-After").orElse(0));
    }

    private HttpResponse<String> ask() {
        HttpRequest request =
                HttpRequest.newBuilder(server.resolve("/v1/audio/transcriptions"))
                        .timeout(Duration.ofMinutes(5))
                        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void report(List<Outcome> outcomes, Samples samples, Path file) {
        double drained =
                outcomes.stream()
                        .filter(one -> one.status() == 200)
                        .mapToDouble(Outcome::answeredAt)
                        .max()
                        .orElse(0);
        List<Double> ratios =
                outcomes.stream()
                        .filter(one -> one.status() == 429)
                        .map(one -> one.promised() / Math.max(1, drained - one.answeredAt()))
                        .sorted()
                        .toList();
        long others =
                outcomes.stream().filter(o -> o.status() != 200 && o.status() != 429).count();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("title", "200 requests at once, a queue of 16");
        result.put("answered 200", outcomes.stream().filter(o -> o.status() == 200).count());
        result.put("answered 429", ratios.size());
        result.put("seconds until those taken were answered", Samples.rounded(drained));
        result.put(
                "Retry-After, least and most",
                outcomes.stream()
                                .filter(o -> o.status() == 429)
                                .mapToDouble(Outcome::promised)
                                .min()
                                .orElse(0)
                        + ", "
                        + outcomes.stream()
                                .filter(o -> o.status() == 429)
                                .mapToDouble(Outcome::promised)
                                .max()
                                .orElse(0));
        if (!ratios.isEmpty()) {
            result.put("promised / needed, least", Samples.rounded(ratios.getFirst()));
            result.put(
                    "promised / needed, median", Samples.rounded(ratios.get(ratios.size() / 2)));
            result.put("promised / needed, most", Samples.rounded(ratios.getLast()));
        }
        result.put("alone before, median ms", samples.quantile("alone, before", 0.5));
        result.put("alone after, median ms", samples.quantile("alone, after", 0.5));
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), result);
        result.forEach((name, value) -> System.out.println(name + ": " + value));
        boolean holds =
                ratios.isEmpty()
                        || (ratios.get(ratios.size() / 20) >= 0.5
                                && ratios.get(ratios.size() * 19 / 20) <= 2);
        if (others > 0 || !holds) {
            System.out.println("Another status than 200 and 429, or a promise that did not hold.");
            System.exit(1);
        }
    }
}
