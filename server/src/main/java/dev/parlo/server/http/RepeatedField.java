package dev.parlo.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * The values of a field that is given several times, under its own name and with brackets behind
 * it, or that lists them: {@code a,b} or {@code ["a","b"]}. Not thread-safe.
 */
public final class RepeatedField {
    private final FieldSource source;
    private final String name;
    private final List<Object> where;
    private final ValueChecks checks;

    RepeatedField(FieldSource source, String name, List<Object> where, ValueChecks checks) {
        this.source = source;
        this.name = name;
        this.where = where;
        this.checks = checks;
    }

    public boolean given() {
        return !source.repeated(name).isEmpty();
    }

    /** Each value as it was given; a list is one text. */
    public List<String> texts() {
        return source.repeated(name).stream().map(node -> node.asString("")).toList();
    }

    /** The values, each one of {@code accepted}. */
    public List<String> choices(List<String> accepted) {
        List<String> listed = source.listed(name);
        List<String> given =
                listed == null
                        ? List.of()
                        : listed.stream().map(word -> word.replaceAll("^\"|\"$", "")).toList();
        for (int i = 0; i < given.size(); i++) {
            if (!accepted.contains(given.get(i))) {
                checks.add(FieldError.literal(at(name + "[]", i), given.get(i), accepted));
            }
        }
        return given;
    }

    /** Whole numbers, {@code 1,2,3} or {@code [1,2,3]}; null where the field was not sent. */
    public @Nullable List<Integer> integers(int least) {
        return parts((at, part) -> {
            Long value = checks.integer(at, part, least, Integer.MAX_VALUE);
            return value == null ? null : value.intValue();
        });
    }

    /** As {@link #integers}, of numbers. */
    public @Nullable List<Double> numbers(double least) {
        return parts((at, part) -> checks.number(at, part, least, Double.POSITIVE_INFINITY));
    }

    private <N> @Nullable List<N> parts(BiFunction<List<Object>, JsonNode, @Nullable N> read) {
        List<String> parts = source.listed(name);
        if (parts == null) {
            return null;
        }
        List<N> values = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            N value = read.apply(at(name, i), StringNode.valueOf(parts.get(i)));
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    private List<Object> at(String field, int index) {
        List<Object> path = new ArrayList<>(where);
        path.add(field);
        path.add(index);
        return List.copyOf(path);
    }
}
