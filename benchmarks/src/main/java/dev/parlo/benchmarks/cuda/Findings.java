package dev.parlo.benchmarks.cuda;

import java.util.ArrayList;
import java.util.List;

/** What a check found, line by line. Not thread-safe. */
final class Findings {
    /**
     * One line.
     *
     * @param goal to be reached; "" where there is none
     * @param reached whether it is; true where there is none
     */
    record Line(String what, String value, String goal, boolean reached) {}

    private final List<Line> lines = new ArrayList<>();

    void tell(String what, Object value) {
        lines.add(new Line(what, String.valueOf(value), "", true));
    }

    void require(String what, Object value, String goal, boolean reached) {
        lines.add(new Line(what, String.valueOf(value), goal, reached));
    }

    List<Line> lines() {
        return List.copyOf(lines);
    }
}
