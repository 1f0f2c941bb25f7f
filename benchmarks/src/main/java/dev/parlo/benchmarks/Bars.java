package dev.parlo.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Horizontal bars in groups, as an SVG picture.
 *
 * @param unit of the values, which stand beside the bars
 */
record Bars(String title, String unit) {
    private static final int WIDTH = 720;
    private static final int LEFT = 190;
    private static final int RIGHT = 90;
    private static final int TOP = 40;
    private static final int BAR = 16;
    private static final int GAP = 14;
    private static final List<String> COLOURS =
            List.of("#1f6feb", "#79b8ff", "#8c959f", "#c9d1d9", "#1a7f37", "#8250df");

    /**
     * @param groups the bars of each group, by their names; a name has one colour everywhere
     */
    String svg(Map<String, Map<String, Double>> groups) {
        double most =
                groups.values().stream()
                        .flatMap(bars -> bars.values().stream())
                        .mapToDouble(value -> value)
                        .max()
                        .orElse(1);
        List<String> names =
                groups.values().stream().flatMap(bars -> bars.keySet().stream()).distinct().toList();
        StringBuilder bars = new StringBuilder();
        int y = TOP;
        for (Map.Entry<String, Map<String, Double>> group : groups.entrySet()) {
            add(
                    bars,
                    "<text x=\"8\" y=\"%d\" font-weight=\"bold\">%s</text>%n",
                    y + BAR - 4, group.getKey());
            for (Map.Entry<String, Double> bar : group.getValue().entrySet()) {
                double length = bar.getValue() / most * (WIDTH - LEFT - RIGHT);
                add(
                        bars,
                        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n"
                                + "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n"
                                + "<text x=\"%.1f\" y=\"%d\">%s %s</text>%n",
                        LEFT - 8, y + BAR - 4, bar.getKey(),
                        LEFT, y, length, BAR - 2,
                        COLOURS.get(names.indexOf(bar.getKey()) % COLOURS.size()),
                        LEFT + length + 6, y + BAR - 4, number(bar.getValue()), unit);
                y += BAR;
            }
            y += GAP;
        }
        StringBuilder svg = new StringBuilder();
        add(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                        + " font-family=\"sans-serif\" font-size=\"12\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n"
                        + "<text x=\"8\" y=\"22\" font-size=\"14\">%s</text>%n",
                WIDTH, y, title);
        return svg.append(bars).append("</svg>\n").toString();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
    }

    private static void add(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
