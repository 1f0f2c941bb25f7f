package dev.parlo.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The YAML head of a model card, as far as the registry reads it: top-level keys with one word or a
 * list of words. Everything deeper (evaluation results, widget texts) is passed over. Cards are
 * written by hand, so a line that makes no sense costs that line only, as far as that can be told.
 * Words are never turned into numbers or booleans: {@code language: no} is Norwegian.
 */
record FrontMatter(Map<String, List<String>> values) {
    static final FrontMatter EMPTY = new FrontMatter(Map.of());
    private static final int LONGEST = 256 * 1024;
    private static final int MOST_REPAIRS = 16;

    /** A control character or half of a pair would cost the whole head. */
    private static final Pattern UNREADABLE = Pattern.compile("[\\p{Cntrl}\\p{Cs}\\uFFFE\\uFFFF]");

    /** An escape beyond 31 bits ends the parser with an error that names no place. */
    private static final Pattern HUGE_ESCAPE = Pattern.compile("\\\\U[89a-fA-F]\\p{XDigit}{7}");

    FrontMatter {
        values = Map.copyOf(values);
    }

    /** The head of a README.md; empty when it has none. */
    static FrontMatter of(String readme) {
        String text = readme.length() > LONGEST ? readme.substring(0, LONGEST) : readme;
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.getFirst().replace("\uFEFF", "").strip().equals("---")) {
            return EMPTY;
        }
        List<String> head = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            if (line.strip().equals("---")) {
                return new FrontMatter(read(head));
            }
            head.add(readable(line));
        }
        return EMPTY; // never closed: then it is text, not a head
    }

    private static String readable(String line) {
        String text = UNREADABLE.matcher(line).replaceAll(" ");
        return HUGE_ESCAPE.matcher(text).replaceAll("\\\\uFFFD");
    }

    /** The words under a key; empty when it is absent. */
    List<String> list(String key) {
        return values.getOrDefault(key, List.of());
    }

    /** The first word under a key. */
    @Nullable String first(String key) {
        List<String> words = list(key);
        return words.isEmpty() ? null : words.getFirst();
    }

    /** The words of a head; a line that stops the parser is mended or left out. */
    private static Map<String, List<String>> read(List<String> lines) {
        TopLevelWords words = new TopLevelWords();
        for (int repairs = 0; repairs < MOST_REPAIRS; repairs++) {
            words = new TopLevelWords();
            try {
                words.read(String.join("\n", lines) + "\n");
                break;
            } catch (YamlEngineException broken) {
                if (!repaired(lines, broken)) {
                    break; // what stands before it counts
                }
            }
        }
        return words.values();
    }

    private static boolean repaired(List<String> lines, YamlEngineException broken) {
        Optional<Mark> mark =
                broken instanceof MarkedYamlEngineException marked
                        ? marked.getProblemMark()
                        : Optional.empty();
        int line = mark.map(Mark::getLine).orElse(-1);
        if (line < 0 || line >= lines.size() || lines.get(line).isBlank()) {
            return false;
        }
        int above = line - 1;
        while (above >= 0 && isNothing(lines.get(above))) {
            above--;
        }
        String aligned =
                above >= 0 && isItem(lines.get(above)) && isItem(lines.get(line))
                        ? indent(lines.get(above)) + lines.get(line).strip()
                        : "";
        // An item that is indented otherwise than the one above it belongs to the same list.
        lines.set(line, aligned.equals(lines.get(line).stripTrailing()) ? "" : aligned);
        return true;
    }

    private static boolean isNothing(String line) {
        return line.isBlank() || line.strip().startsWith("#");
    }

    private static boolean isItem(String line) {
        return line.strip().startsWith("- ");
    }

    private static String indent(String line) {
        return line.substring(0, line.length() - line.stripLeading().length());
    }
}
