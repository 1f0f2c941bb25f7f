package dev.parlo.benchmarks.realtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts the results into their document, in a section of their own at its end. */
final class RealtimeReport {
    static final String TRANSCRIPT = "end of voice to transcript, less silence, ms";
    static final String WORDS = "voice to first words, ms";
    static final String CORES = "cores a session";
    static final String IDLE = "cores a session without audio";
    static final String SILENT = "cores a session of silence";
    static final String SOUND = "first sentence of the language model to first sound, ms";

    private static final String BEGIN = "<!-- realtime -->";
    private static final String END = "<!-- /realtime -->";
    private static final String HEAD =
            """

            ## Live conversations

            `benchmarks/run realtime`: people who speak a sentence of five seconds as fast as it was recorded, with a pause of a
            second and a half behind it, to the built-in model over `WS /v1/realtime`; `silence_duration_ms` is 500.

            """;

    private RealtimeReport() {}

    static void write(Map<String, Object> result, Path document) throws IOException {
        String page = page(result);
        System.out.print(page);
        String text = Files.readString(document);
        int first = text.indexOf(BEGIN);
        int last = text.indexOf(END);
        String written =
                first < 0 || last < first
                        ? text + HEAD + BEGIN + "\n" + page + END + "\n"
                        : text.substring(0, first + BEGIN.length())
                                + "\n"
                                + page
                                + text.substring(last);
        Files.writeString(document, written);
    }

    private static String page(Map<String, Object> result) {
        StringBuilder page = new StringBuilder("| | p50 | p95 | ").append(CORES).append(" |\n");
        page.append("| --- | --- | --- | --- |\n");
        result.forEach((name, value) -> {
            if (value instanceof Map<?, ?> row && row.containsKey(TRANSCRIPT)) {
                line(page, name + ": " + TRANSCRIPT, row.get(TRANSCRIPT), row.get(CORES));
                line(page, name + ": " + WORDS, row.get(WORDS), "");
            } else if (value instanceof Map<?, ?>) {
                line(page, name, value, "");
            } else {
                line(page, name, Map.of(), value);
            }
        });
        return page.toString();
    }

    private static void line(
            StringBuilder page,
            String name,
            @Nullable Object quantiles,
            @Nullable Object cores) {
        Map<?, ?> row = quantiles instanceof Map<?, ?> known ? known : Map.of();
        page.append("| ").append(name).append(" | ");
        page.append(row.containsKey("p50") ? row.get("p50") : "").append(" | ");
        page.append(row.containsKey("p95") ? row.get("p95") : "").append(" | ");
        page.append(Objects.toString(cores, "")).append(" |\n");
    }
}
