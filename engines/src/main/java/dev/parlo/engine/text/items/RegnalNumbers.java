package dev.parlo.engine.text.items;

import dev.parlo.engine.text.items.ItemRule.Match;
import dev.parlo.engine.text.language.LanguageTables;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the numerals behind names of people: of those who rule, {@code Henry VIII}, and of
 * families, {@code John Smith III}.
 */
final class RegnalNumbers {
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

    private static final Set<String> QUEENS =
            Set.of(
                    ("elizabeth catherine cleopatra mary anne margaret isabel isabella maria maría"
                                    + " elisabeth élisabeth elisabetta juana victoria catalina caterina katharina"
                                    + " giovanna joana margarita margherita")
                            .split(" "));

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

    /** What may stand behind "Elizabeth I", whose numeral is no pronoun. */
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

    private final boolean english;
    private final boolean stops;

    RegnalNumbers(LanguageTables tables) {
        this.english = tables.english();
        this.stops = tables.word("ordinal-dot").equals(".");
    }

    static boolean isRuler(@Nullable String name) {
        return name != null && RULERS.contains(name);
    }

    static boolean isQueen(@Nullable String name) {
        return name != null && QUEENS.contains(name);
    }

    /** Whether a numeral behind the word at {@code name} counts people of that name. */
    static boolean hasOne(Tokens tokens, int name, int value) {
        if (isRuler(Context.lower(tokens, name))) {
            return true;
        }
        if (!tokens.space(name - 1)) {
            return false;
        }
        String before = String.valueOf(Context.lower(tokens, name - 2));
        return RULERS.contains(before)
                || TITLES.contains(before)
                || tokens.capitalised(name - 2) && value > 1 && FIRST_NAMES.contains(before);
    }

    /**
     * The numeral at a token behind such a name; null where it is a pronoun or an initial.
     *
     * @param name in lower case
     */
    @Nullable Match read(Tokens tokens, int index, int value, String name) {
        boolean pronoun =
                value == 1
                        && english
                        && tokens.space(index + 1)
                        && tokens.word(index + 2)
                        && !AFTER_A_RULER.contains(tokens.text(index + 2));
        boolean letter = tokens.length(index) == 1 && value > 10;
        boolean stop =
                stops
                        && tokens.is(index + 1, '.')
                        && tokens.space(index + 2)
                        && tokens.word(index + 3);
        return pronoun || letter
                ? null
                : new Match(
                        new Item.Roman(value, true, QUEENS.contains(name)),
                        stop ? index + 2 : index + 1);
    }
}
