package dev.parlo.benchmarks.speech;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.ObjectMapper;

/**
 * What clients of a server see: the time from the request to the first byte of sound, and to the
 * last, for texts of several lengths and several clients at a time.
 *
 * <p>Arguments: the server's address, rounds, file to write, tokens of the longest text.
 */
final class ServerBenchmark {
    /** A model, and the bytes of a second of its PCM. */
    private record Model(String id, String voice, int bytesPerSecond) {}

    private static final List<Model> MODELS =
            List.of(
                    new Model("espeak-ng/espeak-ng", "en-us", 2 * 22050),
                    new Model("parlo/kokoro-shaped", "af_heart", 2 * 24000),
                    new Model("parlo/piper-shaped", "piper-shaped", 2 * 22050));

    private static final int[] CLIENTS = {1, 4, 8};

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ObjectMapper json = new ObjectMapper();
    private final URI address;
    private final int rounds;
    private final Map<Integer, String> texts;

    private ServerBenchmark(URI address, int rounds, Map<Integer, String> texts) {
        this.address = address;
        this.rounds = rounds;
        this.texts = texts;
    }

    /** One answer, in milliseconds from the request on. */
    private record Answer(double first, double last, double audioSeconds) {}

    /** The answers for one text. */
    private record Timings(Series first, Series last, Series seconds) {}

    public static void main(String[] arguments) throws Exception {
        ServerBenchmark benchmark =
                new ServerBenchmark(
                        URI.create(arguments[0] + "/v1/audio/speech"),
                        Integer.parseInt(arguments[1]),
                        SpeechTexts.upTo(Integer.parseInt(arguments[3])));
        Map<String, Object> results = new LinkedHashMap<>();
        for (Model model : MODELS) {
            Map<String, Object> result = new LinkedHashMap<>();
            benchmark.ask(model, SpeechTexts.SENTENCE);
            result.put("texts", benchmark.texts(model));
            result.put("clients", benchmark.clients(model));
            results.put(model.id(), result);
        }
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(Path.of(arguments[2]).toFile(), results);
    }

    private Answer ask(Model model, String text) throws IOException, InterruptedException {
        byte[] body =
                json.writeValueAsBytes(
                        Map.of(
                                "model",
                                model.id(),
                                "voice",
                                model.voice(),
                                "input",
                                text,
                                "response_format",
                                "pcm"));
        HttpRequest request =
                HttpRequest.newBuilder(address)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
        long start = System.nanoTime();
        HttpResponse<InputStream> response =
                client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException(
                        response.statusCode()
                                + " "
                                + new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
            long bytes = in.read() < 0 ? 0 : 1;
            double first = (System.nanoTime() - start) / 1e6;
            bytes += in.transferTo(OutputStream.nullOutputStream());
            double last = (System.nanoTime() - start) / 1e6;
            return new Answer(first, last, (double) bytes / model.bytesPerSecond());
        }
    }

    private Map<String, Object> texts(Model model) throws Exception {
        Map<Integer, Timings> timings = new LinkedHashMap<>();
        // Where a text takes milliseconds, one that is asked for three times in a row finds caches
        // that were just filled, and would look faster than the long one after it.
        boolean quick = model.id().startsWith("espeak");
        int times = quick ? 30 * rounds : rounds;
        for (int i = 0; i < times; i++) {
            for (Map.Entry<Integer, String> text : texts.entrySet()) {
                Timings timing =
                        timings.computeIfAbsent(
                                text.getKey(),
                                t -> new Timings(new Series(), new Series(), new Series()));
                // short texts vary more
                for (int k = quick || text.getKey() > 50 ? 2 : 0; k < 3; k++) {
                    Answer answer = ask(model, text.getValue());
                    timing.first.add(answer.first());
                    timing.last.add(answer.last());
                    timing.seconds.add(answer.audioSeconds());
                }
            }
        }
        Map<String, Object> rows = new LinkedHashMap<>();
        double sentence = 0;
        double ratio = 0;
        for (Map.Entry<Integer, Timings> one : timings.entrySet()) {
            double first = one.getValue().first.median();
            double whole = one.getValue().last.median();
            double seconds = one.getValue().seconds.median();
            sentence = one.getKey() == 50 ? first : sentence;
            ratio = first / sentence;
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("first_byte_ms", Series.rounded(first));
            row.put("last_byte_ms", Series.rounded(whole));
            row.put("audio_seconds", Series.rounded(seconds));
            row.put("real_time_factor", Series.rounded(whole / 1000 / seconds));
            rows.put(one.getKey().toString(), row);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("by_tokens", rows);
        // the last one is the longest
        all.put("first_byte_of_longest_to_first_sentence", Series.rounded(ratio));
        System.err.println(model.id() + " " + all);
        return all;
    }

    private Map<String, Object> clients(Model model) throws Exception {
        Map<String, Object> rows = new LinkedHashMap<>();
        for (int clients : CLIENTS) {
            Series first = new Series();
            Series last = new Series();
            double audio = 0;
            long start = System.nanoTime();
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Double>> done = new ArrayList<>();
                for (int c = 0; c < clients; c++) {
                    done.add(
                            executor.submit(() -> {
                                double seconds = 0;
                                for (int i = 0; i < rounds; i++) {
                                    Answer answer = ask(model, SpeechTexts.SENTENCE);
                                    first.add(answer.first());
                                    last.add(answer.last());
                                    seconds += answer.audioSeconds();
                                }
                                return seconds;
                            }));
                }
                for (Future<Double> one : done) {
                    audio += one.get();
                }
            }
            double wall = (System.nanoTime() - start) / 1e9;
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("first_byte_ms", Series.rounded(first.median()));
            row.put("first_byte_p95_ms", Series.rounded(first.quantile(0.95)));
            row.put("last_byte_ms", Series.rounded(last.median()));
            row.put("audio_seconds_per_second", Series.rounded(audio / wall));
            rows.put(Integer.toString(clients), row);
        }
        System.err.println(model.id() + " " + rows);
        return rows;
    }
}
