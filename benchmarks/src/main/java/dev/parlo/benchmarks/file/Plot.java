package dev.parlo.benchmarks.file;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Lines over two axes, as an SVG picture.
 *
 * @param xLabel what the horizontal axis shows
 * @param yLabel what the vertical axis shows
 */
public record Plot(String title, String xLabel, String yLabel) {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 320;
    private static final int LEFT = 60;
    private static final int RIGHT = 16;
    private static final int TOP = 36;
    private static final int BOTTOM = 44;
    private static final int TICKS = 5;
    private static final List<String> COLOURS =
            List.of("#1f6feb", "#d1242f", "#1a7f37", "#8250df");

    public record Point(double x, double y) {}

    String svg(List<Point> points) {
        return svg(Map.of("", points));
    }

    /**
     * @param lines by their names; a name that is empty is not shown
     */
    public String svg(Map<String, List<Point>> lines) {
        List<Point> all = lines.values().stream().flatMap(List::stream).toList();
        double xEnd = nice(all.stream().mapToDouble(Point::x).max().orElse(1));
        double yEnd = nice(all.stream().mapToDouble(Point::y).max().orElse(1));
        StringBuilder svg = new StringBuilder();
        add(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                        + " font-family=\"sans-serif\" font-size=\"12\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n"
                        + "<text x=\"%d\" y=\"20\" font-size=\"14\">%s</text>%n",
                WIDTH, HEIGHT, LEFT, title);
        for (int tick = 0; tick <= TICKS; tick++) {
            double x = xEnd * tick / TICKS;
            double y = yEnd * tick / TICKS;
            add(
                    svg,
                    "<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>%n"
                            + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n"
                            + "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                    LEFT, down(y, yEnd), WIDTH - RIGHT,
                    LEFT - 6, down(y, yEnd) + 4, number(y),
                    across(x, xEnd), HEIGHT - BOTTOM + 18, number(x));
        }
        add(
                svg,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>%n"
                        + "<text x=\"14\" y=\"%d\" text-anchor=\"middle\""
                        + " transform=\"rotate(-90 14 %d)\">%s</text>%n",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, xLabel, HEIGHT / 2, HEIGHT / 2, yLabel);
        int count = 0;
        for (Map.Entry<String, List<Point>> line : lines.entrySet()) {
            String colour = COLOURS.get(count % COLOURS.size());
            add(svg, "<polyline fill=\"none\" stroke=\"%s\" points=\"", colour);
            for (Point point : line.getValue()) {
                add(svg, "%.1f,%.1f ", across(point.x(), xEnd), down(Math.max(0, point.y()), yEnd));
            }
            svg.append("\"/>\n");
            if (!line.getKey().isEmpty()) {
                add(
                        svg,
                        "<text x=\"%d\" y=\"%d\" fill=\"%s\" text-anchor=\"end\">%s</text>%n",
                        WIDTH - RIGHT - 6, HEIGHT - BOTTOM - 8 - 16 * count, colour, line.getKey());
            }
            count++;
        }
        return svg.append("</svg>\n").toString();
    }

    private static double across(double x, double end) {
        return LEFT + x / end * (WIDTH - LEFT - RIGHT);
    }

    private static double down(double y, double end) {
        return HEIGHT - BOTTOM - y / end * (HEIGHT - TOP - BOTTOM);
    }

    /** The next number that five ticks divide well. */
    private static double nice(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(value, 1e-9))));
        for (double factor : new double[] {1, 2, 2.5, 5}) {
            if (value <= factor * power) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.replaceAll("\\.?0+$", "");
    }

    private static void add(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
