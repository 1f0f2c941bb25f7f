package dev.parlo.engine.text.items;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads three or more numbers with points between them: versions, and addresses of machines. */
final class Versions implements ItemRule {
    private static final int MAX_PARTS = 8;

    /** Words before a release. */
    private static final Set<String> PROGRAMS =
            Set.of("python", "version", "release", "kernel", "django", "go", "node", "ruby");

    private final boolean pointsGroup;
    private final boolean commaDecides;

    /**
     * @param pointsGroup whether the language sets thousands apart with points
     * @param commaDecides whether it sets decimals apart with a comma: a point is none then
     */
    Versions(boolean pointsGroup, boolean commaDecides) {
        this.pointsGroup = pointsGroup;
        this.commaDecides = commaDecides;
    }

    /** {@code Python 3.12}, {@code v1.10}: the second number counts, it is no decimal. */
    private static boolean release(Tokens tokens, int index, String second) {
        boolean name =
                tokens.is(index - 1, "v")
                        || tokens.space(index - 1)
                                && PROGRAMS.contains(Context.wordBefore(tokens, index));
        return name && second.length() == 2 && second.charAt(0) != '0';
    }

    @Override
    public @Nullable Match at(Tokens tokens, int index) {
        if (!tokens.number(index)
                || tokens.in(index - 1, ".,") && tokens.number(index - 2)
                || tokens.length(index) > 6) {
            return null;
        }
        List<String> parts = new ArrayList<>();
        int at = index;
        while (tokens.number(at) && tokens.length(at) <= 6 && parts.size() < MAX_PARTS) {
            parts.add(Quantity.ascii(tokens.text(at)));
            if (!tokens.is(at + 1, '.') || !tokens.number(at + 2)) {
                break;
            }
            at += 2;
        }
        boolean glued = commaDecides && tokens.is(index - 1, "v");
        if (parts.size() == 2 && (glued || release(tokens, index, parts.getLast()))) {
            return new Match(new Item.Version(parts, false), at + 1);
        }
        boolean thousands =
                pointsGroup && parts.stream().skip(1).allMatch(part -> part.length() == 3);
        if (parts.size() < 3 || thousands) {
            return null;
        }
        boolean machine =
                parts.size() == 4
                        && parts.stream().allMatch(part -> Integer.parseInt(part) <= 255)
                        && !tokens.word(index - 1);
        return new Match(new Item.Version(parts, machine), at + 1);
    }
}
