package dev.parlo.benchmarks.speech;

import dev.parlo.engine.speech.ShapedModels;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * First sound through every protocol of speech: from the last byte of text to the first byte of
 * audio, for one client and for four.
 *
 * <p>Arguments: the server's address, seconds for each cell, {@code docs} folder, a line about the
 * machine; or {@code prepare}, the folder of the shaped graphs, the folder to write a model into.
 */
final class DoorsBenchmark {
    private static final String BEGIN = "<!-- first sound: written by benchmarks/run doors -->";
    private static final String END = "<!-- end of first sound -->";
    private static final String TEXT = SpeechTexts.SENTENCE + " Nobody on the quay waved.";
    private static final int[] CLIENTS = {1, 4};
    private static final int MOST = 100;

    /** Of one model; what does not fit any more is left out. */
    private static final long MODEL_NANOS = 300_000_000_000L;

    /** Of each protocol before it is measured: the model is loaded, the code compiled. */
    private static final long WARM_UP_NANOS = 2_000_000_000L;

    private final URI address;
    private final long cellNanos;

    private DoorsBenchmark(URI address, double cellSeconds) {
        this.address = address;
        this.cellNanos = (long) (cellSeconds * 1e9);
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("prepare")) {
            new ShapedModels(Path.of(arguments[1])).kokoro(Path.of(arguments[2]));
            return;
        }
        DoorsBenchmark benchmark =
                new DoorsBenchmark(URI.create(arguments[0]), Double.parseDouble(arguments[1]));
        benchmark.run(Path.of(arguments[2]), arguments[3]);
    }

    private void run(Path docs, String machine) throws Exception {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("machine", machine);
        StringBuilder page = new StringBuilder(machine).append('\n');
        for (Map.Entry<String, String> model : models().entrySet()) {
            page.append("\n### ").append(model.getKey()).append(": first sound\n\n");
            page.append(
                    "| ms | one client: median | 95 % | n | four clients: median | 95 % | n |\n");
            page.append("|---|---:|---:|---:|---:|---:|---:|\n");
            Map<String, Object> rows = new LinkedHashMap<>();
            long end = System.nanoTime() + MODEL_NANOS;
            for (SpeechDoor door : SpeechDoor.all(address, model.getKey(), model.getValue())) {
                if (System.nanoTime() > end) {
                    System.err.println(model.getKey() + " " + door.name() + ": no time left");
                    continue;
                }
                long warm = System.nanoTime() + WARM_UP_NANOS;
                do {
                    door.firstSound(TEXT);
                } while (System.nanoTime() < warm);
                Map<String, Object> row = new LinkedHashMap<>();
                page.append("| ").append(door.name()).append(" |");
                for (int clients : CLIENTS) {
                    if (System.nanoTime() > end) {
                        page.append(" | | 0 |");
                        continue;
                    }
                    Series series = measure(door, clients);
                    page.append(number(series.median()))
                            .append(number(series.quantile(0.95)))
                            .append(String.format(Locale.ROOT, " %d |", series.count()));
                    Map<String, Object> cell = new LinkedHashMap<>();
                    cell.put("p50_ms", Series.rounded(series.median()));
                    cell.put("p95_ms", Series.rounded(series.quantile(0.95)));
                    cell.put("n", series.count());
                    row.put(Integer.toString(clients), cell);
                }
                page.append('\n');
                rows.put(door.name(), row);
                System.err.println(model.getKey() + " " + door.name() + " " + row);
            }
            all.put(model.getKey(), rows);
            write(docs, page, all); // what there is, should the next model fail
        }
    }

    /** Ids and voices of what is measured and installed. */
    private Map<String, String> models() throws IOException {
        Map<String, String> models = new LinkedHashMap<>();
        models.put("espeak-ng/espeak-ng", "en-us");
        JsonNode installed =
                new ObjectMapper().readTree(address.resolve("/v1/models").toURL().openStream());
        for (JsonNode model : installed.path("data")) {
            if (model.path("id").asString().equals("parlo/kokoro-shaped")) {
                models.put("parlo/kokoro-shaped", "af_heart");
            }
        }
        return models;
    }

    private Series measure(SpeechDoor door, int clients) throws Exception {
        Series series = new Series();
        long end = System.nanoTime() + cellNanos;
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int c = 0; c < clients; c++) {
                running.add(
                        executor.submit(() -> {
                            int done = 0;
                            do {
                                series.add(door.firstSound(TEXT));
                                done++;
                            } while (System.nanoTime() < end && done < MOST);
                            return null;
                        }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        return series;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? " %.1f |" : " %.0f |", value);
    }

    private static void write(Path docs, StringBuilder page, Map<String, Object> all)
            throws IOException {
        Path document = docs.resolve("benchmarks.md");
        String text = Files.readString(document);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalStateException(document + " lacks the marks of first sound");
        }
        Files.writeString(
                document,
                text.substring(0, begin + BEGIN.length()) + "\n" + page + text.substring(end));
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(docs.resolve("benchmarks-doors.json").toFile(), all);
    }
}
