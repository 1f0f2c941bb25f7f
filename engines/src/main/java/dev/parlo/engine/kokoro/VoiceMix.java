package dev.parlo.engine.kokoro;

import dev.parlo.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A voice expression: {@code af_bella(2)+af_sky(1)-af_nicole(0.5)}, or a comma list for a plain
 * mean. Weights are divided by the sum of all of them.
 *
 * @param items at least one
 */
record VoiceMix(List<Item> items) {
    private static final int MAX_ITEMS = 16;

    /** Plain digits: Java's own parser also takes {@code 0x1p3}, {@code 2f} and {@code NaN}. */
    private static final Pattern WEIGHT =
            Pattern.compile("[0-9]{1,9}(?:\\.[0-9]{0,18})?|\\.[0-9]{1,18}");

    /** A voice with its signed share of the mix. */
    record Item(String voice, double weight) {}

    VoiceMix {
        items = List.copyOf(items);
    }

    /**
     * @throws EngineException of category BAD_REQUEST that says what is wrong
     */
    static VoiceMix parse(String expression) {
        String s = expression.replace(" ", "");
        List<Item> items = new ArrayList<>();
        int at = 0;
        int sign = 1;
        double sum = 0;
        while (true) {
            int start = at;
            while (at < s.length() && "+-,()".indexOf(s.charAt(at)) < 0) {
                at++;
            }
            String name = s.substring(start, at);
            if (name.isEmpty()) {
                throw bad(expression, "a voice is missing at position " + (start + 1));
            }
            double weight = 1;
            if (at < s.length() && s.charAt(at) == '(') {
                int close = s.indexOf(')', at);
                if (close < 0) {
                    throw bad(expression, "a bracket is not closed");
                }
                weight = weight(expression, s.substring(at + 1, close));
                at = close + 1;
            }
            sum += weight;
            items.add(new Item(name, sign * weight));
            if (items.size() > MAX_ITEMS) {
                throw bad(expression, "more than " + MAX_ITEMS + " voices");
            }
            if (at == s.length()) {
                break;
            }
            char operator = s.charAt(at++);
            if (operator != '+' && operator != '-' && operator != ',') {
                throw bad(expression, "'" + operator + "' at position " + at + " is not + or -");
            }
            sign = operator == '-' ? -1 : 1;
        }
        double total = sum;
        return new VoiceMix(
                items.stream().map(item -> new Item(item.voice, item.weight / total)).toList());
    }

    private static double weight(String expression, String text) {
        if (!WEIGHT.matcher(text).matches()) {
            throw bad(expression, "'" + text + "' is not a weight");
        }
        double weight = Double.parseDouble(text);
        if (!(weight > 0 && weight <= 1000)) {
            throw bad(expression, "the weight " + text + " is not above 0 and at most 1000");
        }
        return weight;
    }

    private static EngineException bad(String expression, String why) {
        return new EngineException(
                EngineException.Category.BAD_REQUEST,
                "The voice expression '"
                        + expression
                        + "' cannot be read: "
                        + why
                        + ". Write for example af_bella(2)+af_sky(1).");
    }
}
