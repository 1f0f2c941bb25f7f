package dev.parlo.benchmarks.file;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.ObjectMapper;

/**
 * One recording transcribed in batches and one window after another: how long each takes, how many
 * of the words are the same, and how many are wrong where it is known what is said ({@link
 * LongRecording#text}).
 *
 * <p>Arguments: address of the server, recording, batch size, JSON to write, fields of the form as
 * {@code name=value}.
 */
final class BatchedRun {
    private BatchedRun() {}

    public static void main(String[] arguments) throws Exception {
        URI server = URI.create(arguments[0]);
        Path file = Path.of(arguments[1]);
        List<String> fields = new ArrayList<>(Arrays.asList(arguments).subList(4, arguments.length));
        fields.add("response_format=text");
        List<String> sequential = with(fields, "vad_filter=false");
        List<String> sequentialSpeech = with(fields, "vad_filter=true", "batch_size=0");
        List<String> batched = with(fields, "vad_filter=true", "batch_size=" + arguments[2]);

        Map<String, Object> result = new LinkedHashMap<>();
        result.put("title", "In batches and one window after another: " + file.getFileName());
        long start = System.nanoTime();
        List<String> inBatches = words(new Upload(server, file, batched));
        double batchedSeconds = (System.nanoTime() - start) / 1e9;
        start = System.nanoTime();
        List<String> inOrder = words(new Upload(server, file, sequential));
        double sequentialSeconds = (System.nanoTime() - start) / 1e9;
        List<String> speechInOrder = words(new Upload(server, file, sequentialSpeech));
        result.put("batch size", arguments[2]);
        result.put("seconds, batched", rounded(batchedSeconds));
        result.put("seconds, sequential", rounded(sequentialSeconds));
        result.put("times as fast", rounded(sequentialSeconds / batchedSeconds));
        result.put("words, batched", inBatches.size());
        result.put("words, sequential", inOrder.size());
        int differing = distance(inOrder, inBatches);
        result.put(
                "words of the sequential answer that are the same, %",
                rounded(100.0 * (inOrder.size() - differing) / Math.max(1, inOrder.size())));
        Path text = LongRecording.text(file);
        if (Files.exists(text)) {
            List<String> said = words(Files.readString(text));
            result.put("words, said", said.size());
            result.put("word errors, batched, %", errors(said, inBatches));
            result.put("word errors, sequential, %", errors(said, inOrder));
            result.put("word errors, sequential, speech alone, %", errors(said, speechInOrder));
        }
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(Path.of(arguments[3]).toFile(), result);
        System.err.println(result);
    }

    private static List<String> with(List<String> fields, String... more) {
        List<String> all = new ArrayList<>(fields);
        all.addAll(List.of(more));
        return all;
    }

    private static List<String> words(Upload upload) throws Exception {
        try (Stream<String> lines = upload.lines()) {
            return words(lines.collect(Collectors.joining(" ")));
        }
    }

    private static List<String> words(String text) {
        String letters = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z']+", " ").strip();
        return List.of(letters.split(" "));
    }

    private static double errors(List<String> said, List<String> heard) {
        return rounded(100.0 * distance(said, heard) / said.size());
    }

    /** Words to insert, leave out or replace. */
    private static int distance(List<String> a, List<String> b) {
        int[] row = new int[b.size() + 1];
        Arrays.setAll(row, j -> j);
        for (int i = 1; i <= a.size(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.size(); j++) {
                int replaced = diagonal + (a.get(i - 1).equals(b.get(j - 1)) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.size()];
    }

    private static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.2f", value));
    }
}
