package dev.parlo.engine.text.items;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads three or more numbers with points between them: versions, and addresses of machines. */
final class Versions implements ItemRule {
    private static final int MAX_PARTS = 8;

    private final boolean pointsGroup;

    /**
     * @param pointsGroup whether the language sets thousands apart with points
     */
    Versions(boolean pointsGroup) {
        this.pointsGroup = pointsGroup;
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
