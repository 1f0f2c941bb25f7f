package dev.parlo.engine.text.items;

import dev.parlo.engine.text.language.LanguageTables;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads Roman numerals, where what stands before them tells that they are numerals. */
final class Romans implements ItemRule {
    private static final Set<String> COUNTED =
            Set.of(
                    ("siglo sec séc capítulo tomo século chapitre tome kapitel band secolo capitolo"
                                    + " chapter part volume book section act scene phase type war stage appendix bowl"
                                    + " grade class level article title canto sonata symphony series season"
                                    + " episode mark apollo olympiad factor schedule unit lesson verse psalm"
                                    + " table figure annex division tier group category amendment"
                                    + " wrestlemania chap vol no number gta iphone scrolls saturn fantasy"
                                    + " civilization page pages pp note step point item clause question paragraph")
                            .split(" "));

    /** What is counted by an ordinal that stands before it: "the XXI century". */
    private static final Set<String> ORDERED =
            Set.of(
                    "century",
                    "centuries",
                    "dynasty",
                    "corps",
                    "olympics",
                    "olympiad",
                    "congress",
                    "amendment",
                    "conference",
                    "edition",
                    "siècle",
                    "siècles",
                    "secolo",
                    "secoli",
                    "jahrhundert",
                    "dinastia",
                    "edizione");

    private static final Set<String> LINKS = Set.of("and", "or", "to", "y", "et", "e", "und");

    /** Words of some language that are numerals too. */
    private static final Set<String> WORDS = Set.of("vi", "xi", "mi", "di", "li");

    private final LanguageTables tables;
    private final RegnalNumbers regnal;

    Romans(LanguageTables tables) {
        this.tables = tables;
        this.regnal = new RegnalNumbers(tables);
    }

    @Override
    public @Nullable Match at(Tokens tokens, int index) {
        Match single = single(tokens, index);
        if (single != null) {
            return single;
        }
        if (!tokens.word(index) || tokens.length(index) > 12 || tokens.number(index + 1)) {
            return null;
        }
        String written = tokens.text(index);
        int value = RomanNotation.value(written);
        if (value <= 0) {
            Match ordinal = ended(written, index);
            return ordinal != null ? ordinal : small(tokens, index, written);
        }
        if (range(tokens, index - 1)) {
            return new Match(new Item.Roman(value), index + 1);
        }
        if (Context.glued(tokens, index) || tokens.in(index - 1, "-'’")) {
            return null;
        }
        if (range(tokens, index + 1)) {
            return new Match(new Item.Roman(value), index + 1);
        }
        if (tokens.space(index + 1)
                && ORDERED.contains(String.valueOf(Context.lower(tokens, index + 2)))) {
            return new Match(
                    new Item.Ordinal(
                            Quantity.of(Integer.toString(value)),
                            tables.english()
                                    ? Item.Inflection.MASCULINE
                                    : tables.genders()
                                                    .feminine(
                                                            String.valueOf(
                                                                    Context.lower(
                                                                            tokens, index + 2)))
                                            ? Item.Inflection.FEMININE
                                            : Item.Inflection.NOMINATIVE),
                    index + 1);
        }
        if (written.equals("I") && beginsList(tokens, index + 1)) {
            return new Match(new Item.Roman(1), index + 1);
        }
        Match behindArticle = behindArticle(tokens, index, value);
        if (behindArticle != null) {
            return behindArticle;
        }
        Match named = named(tokens, index, written, value);
        return named != null ? named : alone(tokens, index, written, value);
    }

    /** Whether a dash stands between two numerals: {@code I–IV}. */
    static boolean range(Tokens tokens, int dash) {
        return tokens.in(dash, "-–")
                && RomanNotation.small(tokens.text(dash - 1))
                && RomanNotation.small(tokens.text(dash + 1))
                && tokens.length(dash - 1) + tokens.length(dash + 1) > 2
                && !tokens.in(dash - 2, "-–'’.")
                && !tokens.in(dash + 2, "-–'’");
    }

    /** {@code I, II}, {@code I and II}, {@code I–III}. */
    private static boolean beginsList(Tokens tokens, int next) {
        int at = tokens.skipSpace(next);
        boolean link = tokens.in(at, ",-–&/") || LINKS.contains(tokens.text(at));
        int second = tokens.skipSpace(at + 1);
        return link && (tokens.is(second, "II") || tokens.is(second, "III"));
    }

    /**
     * {@code la II Guerra Mundial}, {@code il XX Congresso}: an ordinal before its noun in the
     * Romance languages, whose gender the article tells.
     */
    private @Nullable Match behindArticle(Tokens tokens, int index, int value) {
        String article = Context.wordBefore(tokens, index);
        boolean feminine = tables.word("articles-feminine").contains(" " + article + " ");
        boolean masculine = tables.word("articles-masculine").contains(" " + article + " ");
        return (feminine || masculine)
                        && !article.isEmpty()
                        && value <= 40
                        && tokens.space(index + 1)
                        && tokens.capitalised(index + 2)
                        && tokens.length(index + 2) > 2
                ? new Match(
                        new Item.Ordinal(
                                Quantity.of(Integer.toString(value)),
                                feminine ? Item.Inflection.FEMININE : Item.Inflection.MASCULINE),
                        index + 1)
                : null;
    }

    /** {@code XXe}, {@code Ier}: with the ending of an ordinal. */
    private @Nullable Match ended(String written, int index) {
        int end = 0;
        while (end < written.length() && "IVXLCDM".indexOf(written.charAt(end)) >= 0) {
            end++;
        }
        String gender = tables.abbreviation("ordinal", written.substring(end));
        int value = RomanNotation.value(written.substring(0, end));
        return gender == null || value <= 0 || value > 40
                ? null
                : new Match(
                        new Item.Ordinal(
                                Quantity.of(Integer.toString(value)),
                                gender.equals("f")
                                        ? Item.Inflection.FEMININE
                                        : Item.Inflection.MASCULINE),
                        index + 1);
    }

    /** {@code Ⅳ}: characters that are numerals and nothing else. */
    private static @Nullable Match single(Tokens tokens, int index) {
        StringBuilder written = new StringBuilder();
        int next = index;
        while (tokens.kind(next) == Tokens.Kind.SIGN
                && tokens.text(next).charAt(0) >= '\u2160'
                && tokens.text(next).charAt(0) <= '\u217F'
                && written.length() < 12) {
            written.append(Normalizer.normalize(tokens.text(next), Normalizer.Form.NFKC));
            next++;
        }
        int value = RomanNotation.value(written.toString().toUpperCase(Locale.ROOT));
        if (value <= 0) {
            return null;
        }
        int before = tokens.backOverSpace(index - 1);
        String word = Context.lower(tokens, before);
        boolean ruler = value > 1 && RegnalNumbers.isRuler(word);
        return new Match(new Item.Roman(value, ruler, ruler && RegnalNumbers.isQueen(word)), next);
    }

    /**
     * Small letters behind what is counted, {@code part iii}, as the mark of a list, {@code (ii)},
     * and where they are no word of the language.
     */
    private @Nullable Match small(Tokens tokens, int index, String written) {
        if (!Character.isLowerCase(written.charAt(0)) || Context.glued(tokens, index)) {
            return null;
        }
        String capitals = written.toUpperCase(Locale.ROOT);
        int value = RomanNotation.value(capitals);
        if (value <= 0 || value >= 40) {
            return null;
        }
        boolean mark =
                (tokens.is(index - 1, '(')
                                || tokens.kind(index - 1) == Tokens.Kind.EDGE
                                || tokens.text(index - 1).indexOf('\n') >= 0)
                        && tokens.is(index + 1, ')')
                        && !Context.glued(tokens, index - 1);
        boolean counted =
                written.length() > 1
                        && tokens.space(index - 1)
                        && COUNTED.contains(String.valueOf(Context.lower(tokens, index - 2)));
        if (counted || mark && (written.length() > 1 || "iv".contains(written))) {
            return new Match(new Item.Roman(value), index + 1);
        }
        return WORDS.contains(written) || tokens.in(index - 1, "-'’")
                ? null
                : alone(tokens, index, capitals, value);
    }

    /** One that nothing tells about: a number, unless it is also an abbreviation. */
    private static @Nullable Match alone(Tokens tokens, int index, String written, int value) {
        if (written.length() >= 4 && value > 1000 && value < 2100) {
            return new Match(new Item.Year(Quantity.of(Integer.toString(value))), index + 1);
        }
        boolean small = written.chars().allMatch(c -> "IVX".indexOf(c) >= 0);
        if (written.length() < 2
                || !small
                || tokens.in(index + 1, "-'’") && tokens.word(index + 2)) {
            return null;
        }
        return Set.of("IV", "VI", "XI", "XX", "XXX").contains(written)
                ? new Match(new Item.Letters(written), index + 1)
                : new Match(new Item.Roman(value), index + 1);
    }

    private @Nullable Match named(Tokens tokens, int index, String written, int value) {
        if (!tokens.space(index - 1)) {
            return null;
        }
        int before = tokens.backOverSpace(index - 1);
        if (tokens.is(before, '.')) {
            before--;
        }
        String word = Context.lower(tokens, before);
        boolean century = // el s. XX
                !tables.english() && tokens.is(before, "s") && tokens.is(before + 1, '.');
        boolean part = tokens.is(index + 1, '.') && tokens.word(index + 2);
        boolean counted =
                word != null
                        && (century || COUNTED.contains(word))
                        && !(value == 1 && !tokens.capitalised(before));
        // Section IV.A
        if (word == null || part && !(counted && tokens.length(index + 2) == 1)) {
            return null;
        }
        if (counted) {
            return new Match(new Item.Roman(value), part ? index + 2 : index + 1);
        }
        if (!tokens.capitalised(before) || tokens.capitals(before)) {
            return null;
        }
        if (RegnalNumbers.hasOne(tokens, before, value)) {
            return regnal.read(tokens, index, value, word);
        }
        boolean small = written.chars().allMatch(c -> "IVX".indexOf(c) >= 0);
        return written.length() > 1 && small && value < 40
                ? new Match(new Item.Roman(value), index + 1)
                : null;
    }
}
