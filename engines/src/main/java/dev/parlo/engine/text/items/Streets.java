package dev.parlo.engine.text.items;

import dev.parlo.engine.text.language.LanguageTables;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads abbreviations of addresses: kinds of streets, and sides of the compass. */
final class Streets {
    /** Names of places that are made with a saint or a mountain. */
    private static final Set<String> BEFORE_SAINTS =
            Set.of(
                    "Mount", "Fort", "Port", "Lake", "Sault", "East", "West", "North", "South",
                    "Mt", "Ft");

    /** Roads whose side of the compass stands behind their number. */
    private static final Set<String> ROADS = Set.of("I", "US", "SR", "CR");

    private final LanguageTables tables;
    private final Context context;

    Streets(LanguageTables tables, Context context) {
        this.tables = tables;
        this.context = context;
    }

    /**
     * The word that an abbreviation with a full stop stands for behind the name of a street, {@code
     * Main St.}, or null.
     */
    @Nullable String withStop(Tokens tokens, int index, boolean nameFollows) {
        String street = tables.abbreviation("street", tokens.text(index));
        return street != null && named(tokens, index, nameFollows) ? street : null;
    }

    /** Whether what stands before an abbreviation is the name of a street. */
    private boolean named(Tokens tokens, int index, boolean nameFollows) {
        int before = tokens.backOverSpace(index - 1);
        if (before == index - 1) {
            return false;
        }
        if (tokens.is(before, '.')
                && (tokens.is(before - 1, "Jr") || tokens.is(before - 1, "Sr"))) {
            before--; // Martin Luther King Jr. Dr.
        }
        String written = tokens.text(index);
        boolean onlyStreet = isNothingElse(written);
        boolean ordinal = tokens.word(before) && tokens.number(before - 1);
        boolean name = tokens.capitalised(before) || ordinal;
        if (!name || onlyStreet) {
            return name;
        }
        if (BEFORE_SAINTS.contains(tokens.text(before))) {
            return false;
        }
        if (!nameFollows || context.endsSentence(tokens, index + 1)) {
            return true;
        }
        // "12 Oak Dr. Springfield", but "Ask Dr. Smith"
        int house = tokens.backOverSpace(before - 1);
        return ordinal || tokens.number(house) || tokens.is(house, '.') && tokens.word(house - 1);
    }

    private boolean isNothingElse(String written) {
        return tables.abbreviation("place", written) == null
                && tables.abbreviation("title", written) == null;
    }

    /** The same without a full stop: {@code 12 Main St, Boston}. */
    @Nullable String withoutStop(Tokens tokens, int index) {
        String written = tokens.text(index);
        String street = tables.abbreviation("street", written);
        if (street == null || !tokens.space(index - 1)) {
            return null;
        }
        boolean onlyStreet = isNothingElse(written);
        boolean nth = tokens.word(index - 2) && tokens.number(index - 3);
        boolean english =
                tables.english()
                        && (onlyStreet
                                        && tokens.capitalised(index - 2)
                                        && !tokens.capitals(index - 2)
                                || nth && (onlyStreet || !tokens.capitalised(index + 2)));
        int house = tokens.backOverSpace(tokens.backOverSpace(index - 1) - 1);
        boolean ends = tokens.is(index + 1, ',') || tokens.kind(index + 1) == Tokens.Kind.EDGE;
        return english || ends && tokens.capitalised(index - 2) && tokens.number(house)
                ? street
                : null;
    }

    /** The side of the compass in an address, at a road or of an angle, or null. */
    @Nullable String compass(Tokens tokens, int index) {
        String written = tokens.text(index);
        String side = tables.abbreviation("side", written);
        if (side != null && sideOfRoad(tokens, index)) {
            return side;
        }
        String compass = tables.abbreviation("compass", written);
        return compass != null && (written.endsWith("W") || inAddress(tokens, index))
                ? compass
                : null;
    }

    /** {@code 123 N 5th St}, {@code I-80 E}, {@code 46"N}. */
    private boolean sideOfRoad(Tokens tokens, int index) {
        int before = tokens.backOverSpace(index - 1);
        boolean house = before < index - 1 && tokens.number(before);
        boolean road =
                house
                        && tokens.is(before - 1, '-')
                        && ROADS.contains(tokens.text(before - 2))
                        && !tokens.word(index + 1);
        boolean angle = tokens.in(index - 1, "\"″'′’”") && tokens.number(index - 2);
        return road
                || house && context.streetBehind(tokens, index + 1)
                || angle && !tokens.word(index + 1) && anglesBefore(tokens, index);
    }

    private static boolean anglesBefore(Tokens tokens, int index) {
        for (int i = index - 1; i > index - 8 && i >= 0; i--) {
            if (tokens.is(i, '°')) {
                return true;
            }
        }
        return false;
    }

    /** {@code Pennsylvania Ave SE}, or the wind. */
    private boolean inAddress(Tokens tokens, int index) {
        int before = tokens.backOverSpace(index - 1);
        if (tokens.is(before, '.')) {
            before--;
        }
        Map<String, String> streets = tables.abbreviations().getOrDefault("street", Map.of());
        String word = tokens.text(before);
        return streets.containsKey(word)
                || streets.containsValue(word)
                || word.equalsIgnoreCase("wind")
                || word.equalsIgnoreCase("winds")
                || tokens.is(before, ':') && tokens.text(before - 1).equalsIgnoreCase("wind");
    }
}
