package dev.parlo.engine.text.items;

import dev.parlo.engine.text.language.LanguageTables;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads Roman numerals, where what stands before them tells that they are numerals. */
final class Romans implements ItemRule {
    private static final Set<String> TITLES =
            Set.of(
                    "king",
                    "queen",
                    "rey",
                    "reina",
                    "papa",
                    "roi",
                    "reine",
                    "pape",
                    "könig",
                    "königin",
                    "papst",
                    "regina",
                    "rei",
                    "rainha",
                    "pope",
                    "prince",
                    "princess",
                    "emperor",
                    "empress",
                    "pharaoh",
                    "tsar",
                    "czar",
                    "kaiser",
                    "sultan",
                    "duke",
                    "duchess",
                    "earl",
                    "count",
                    "lord",
                    "saint",
                    "patriarch",
                    "caliph",
                    "shah",
                    "archduke",
                    "elector");
    private static final Set<String> RULERS =
            Set.of(
                    ("louis henry charles george elizabeth edward william richard james benedict"
                                    + " napoleon friedrich frederick paul pius francis leo gregory clement"
                                    + " innocent alexander nicholas catherine ivan peter philip ferdinand"
                                    + " alfonso carlos juan wilhelm ludwig maximilian rudolf leopold joseph"
                                    + " otto thutmose ramses ramesses amenhotep seti ptolemy cleopatra darius"
                                    + " xerxes cyrus artaxerxes mary anne margaret haakon harald olav"
                                    + " christian gustav karl umberto emmanuel urban boniface sixtus julius"
                                    + " martin stephen robert david kenneth constantine justinian"
                                    + " theodosius luis felipe enrique fernando isabel françois jean philippe"
                                    + " heinrich luigi vittorio pio paolo joão pedro filipe francesco carlo"
                                    + " elisabetta élisabeth elisabeth isabella caterina catalina"
                                    + " victoria maria juana katharina"
                                    + " mehmed murad selim suleiman bayezid")
                            .split(" "));
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
    private static final Set<String> AFTER_A_RULER =
            Set.of(
                    "of",
                    "was",
                    "is",
                    "ruled",
                    "reigned",
                    "died",
                    "became",
                    "had",
                    "and",
                    "in",
                    "who",
                    "succeeded",
                    "married",
                    "founded",
                    "conquered",
                    "built",
                    "won");

    private static final Set<String> QUEENS =
            Set.of(
                    ("elizabeth catherine cleopatra mary anne margaret isabel isabella maria maría"
                                    + " elisabeth élisabeth elisabetta juana victoria catalina caterina katharina"
                                    + " giovanna joana margarita margherita")
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

    /** First names behind which a surname and a numeral name a person: "John Smith III". */
    private static final Set<String> FIRST_NAMES =
            Set.of(
                    ("john thomas michael christopher daniel matthew anthony donald mark andrew"
                                    + " joshua kevin brian timothy ronald jason jeffrey ryan jacob gary"
                                    + " eric jonathan larry justin scott brandon samuel patrick jack"
                                    + " dennis jerry tyler aaron adam nathan zachary walter kyle harold"
                                    + " carl arthur gerald roger lawrence terry sean russell albert"
                                    + " griffin marvin odell melvin robert")
                            .split(" "));

    /** Words of some language that are numerals too. */
    private static final Set<String> WORDS = Set.of("vi", "xi", "mi", "di", "li");

    private final LanguageTables tables;
    private final boolean stops;

    Romans(LanguageTables tables) {
        this.tables = tables;
        this.stops = tables.word("ordinal-dot").equals(".");
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
        int value = value(written);
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
                && small(tokens.text(dash - 1))
                && small(tokens.text(dash + 1))
                && tokens.length(dash - 1) + tokens.length(dash + 1) > 2
                && !tokens.in(dash - 2, "-–'’.")
                && !tokens.in(dash + 2, "-–'’");
    }

    private static boolean small(String written) {
        return !written.isEmpty()
                && written.length() <= 8
                && written.chars().allMatch(c -> "IVX".indexOf(c) >= 0)
                && value(written) > 0;
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
        int value = value(written.substring(0, end));
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
        int value = value(written.toString().toUpperCase(Locale.ROOT));
        if (value <= 0) {
            return null;
        }
        int before = tokens.backOverSpace(index - 1);
        String word = Context.lower(tokens, before);
        boolean ruler = word != null && value > 1 && RULERS.contains(word);
        return new Match(
                new Item.Roman(value, ruler, ruler && QUEENS.contains(String.valueOf(word))), next);
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
        int value = value(capitals);
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
        boolean crowned =
                RULERS.contains(word)
                        || tokens.space(before - 1)
                                && RULERS.contains(
                                        String.valueOf(Context.lower(tokens, before - 2)))
                        || tokens.space(before - 1)
                                && TITLES.contains(
                                        String.valueOf(Context.lower(tokens, before - 2)))
                        || tokens.space(before - 1)
                                && tokens.capitalised(before - 2)
                                && value > 1
                                && FIRST_NAMES.contains(
                                        String.valueOf(Context.lower(tokens, before - 2)));
        if (crowned) {
            boolean pronoun =
                    value == 1
                            && tables.english()
                            && tokens.space(index + 1)
                            && tokens.word(index + 2)
                            && !AFTER_A_RULER.contains(tokens.text(index + 2));
            boolean letter = written.length() == 1 && value > 10;
            boolean stop =
                    stops
                            && tokens.is(index + 1, '.')
                            && tokens.space(index + 2)
                            && tokens.word(index + 3);
            return pronoun || letter
                    ? null
                    : new Match(
                            new Item.Roman(value, true, QUEENS.contains(word)),
                            stop ? index + 2 : index + 1);
        }
        boolean small = written.chars().allMatch(c -> "IVX".indexOf(c) >= 0);
        return written.length() > 1 && small && value < 40
                ? new Match(new Item.Roman(value), index + 1)
                : null;
    }

    /** The value of a numeral in capitals as the Romans would write it now, or 0. */
    static int value(String written) {
        int value = 0;
        int previous = 0;
        for (int i = written.length() - 1; i >= 0; i--) {
            int digit =
                    switch (written.charAt(i)) {
                        case 'I' -> 1;
                        case 'V' -> 5;
                        case 'X' -> 10;
                        case 'L' -> 50;
                        case 'C' -> 100;
                        case 'D' -> 500;
                        case 'M' -> 1000;
                        default -> 0;
                    };
            if (digit == 0) {
                return 0;
            }
            value += digit < previous ? -digit : digit;
            previous = Math.max(previous, digit);
        }
        return value > 0 && value < 4000 && roman(value).equals(written) ? value : 0;
    }

    private static String roman(int value) {
        String[] signs = {"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"};
        int[] values = {1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1};
        StringBuilder roman = new StringBuilder();
        int rest = value;
        for (int i = 0; i < values.length; i++) {
            while (rest >= values[i]) {
                roman.append(signs[i]);
                rest -= values[i];
            }
        }
        return roman.toString();
    }
}
