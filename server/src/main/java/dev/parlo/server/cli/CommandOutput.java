package dev.parlo.server.cli;

import dev.parlo.engine.ByteAmount;
import dev.parlo.server.http.Json;
import java.io.Console;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Help;
import tools.jackson.databind.JsonNode;

/** Prints lists: a table for a person at a terminal, JSON for a program. */
record CommandOutput(PrintWriter out, boolean json) {
    /** Blanks between two columns. */
    private static final int GAP = 2;

    /** A column of a table. */
    record Column(String title, Function<JsonNode, String> text) {
        static Column of(String title, String field) {
            return new Column(title, row -> words(row.path(field)));
        }

        static Column bytes(String title, String field) {
            return new Column(title, row -> ByteAmount.text(row.path(field).asLong(0)));
        }

        private static String words(JsonNode value) {
            if (value.isArray()) {
                List<String> all = new ArrayList<>();
                value.forEach(each -> all.add(each.asString("")));
                return all.size() > 4
                        ? String.join(",", all.subList(0, 4)) + ",… (" + all.size() + ")"
                        : String.join(",", all);
            }
            return value.isNull() || value.isMissingNode() ? "-" : value.asString();
        }
    }

    static boolean atTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** Prints the rows, or the whole document they are from. */
    void list(JsonNode document, JsonNode rows, List<Column> columns) {
        if (json) {
            document(document);
            return;
        }
        List<String[]> lines = new ArrayList<>();
        lines.add(columns.stream().map(Column::title).toArray(String[]::new));
        rows.forEach(row ->
                lines.add(
                        columns.stream()
                                .map(c -> shown(c.text().apply(row)))
                                .toArray(String[]::new)));
        int[] widths = new int[columns.size()];
        for (String[] line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line[i].length() + GAP);
            }
        }
        Help.TextTable table =
                Help.TextTable.forColumnWidths(Help.defaultColorScheme(Help.Ansi.OFF), widths);
        lines.forEach(table::addRowValues);
        out.print(table);
        out.flush();
    }

    /** Prints a document, indented by two. */
    void document(JsonNode document) {
        out.println(Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(document));
        out.flush();
    }

    void line(String text) {
        out.println(shown(text));
        out.flush();
    }

    /**
     * Texts of the Hub and of clients must not move a terminal's cursor or turn its lines round.
     */
    static String shown(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\u0080-\\u009f\\u2028\\u2029]", "?");
    }

    /** Says what is missing in an answer that is made of the Hub's. */
    static void problems(JsonNode answer, PrintWriter err) {
        answer.path("problems")
                .forEach(problem -> err.println("parlo: " + shown(problem.asString(""))));
    }
}
