package dev.parlo.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Where speech is cut, which is heard as a pause. */
final class ChunkPlannerTest {
    private static final Normalizers NORMALIZERS = new Normalizers();
    private static final String LONG =
            "The rapid development of the new transportation system in the metropolitan area around"
                    + " the capital city has been delayed again by the council.";

    private static List<String> chunks(String text, boolean early) {
        TextReader reader =
                new TextReader(
                        Script.of(text, TextMarkup.PLAIN),
                        Wording.of(NORMALIZERS.of(Locale.US, Normalization.DEFAULT), Locale.US),
                        Lexicon.EMPTY);
        ChunkPlanner plan = new ChunkPlanner(reader, ChunkPlanner.Lengths.NEURAL, early);
        List<String> chunks = new ArrayList<>();
        while (plan.hasNext()) {
            if (plan.next() instanceof TextPiece.Say(MappedText said, Manner manner)) {
                chunks.add(said.text());
                assertThat(manner).isEqualTo(Manner.NORMAL);
            }
        }
        return chunks;
    }

    @Test
    void aSentenceWithoutClausesIsNeverCut() {
        assertThat(chunks(LONG, true)).containsExactly(LONG);
        assertThat(chunks(LONG, false)).containsExactly(LONG);
    }

    @Test
    void anEarlyFirstSoundIsTheFirstClauseOfALongSentence() {
        String text =
                "When the weather had turned bad at last, the old captain of the ship called his men"
                        + " together on deck and told them the truth.";
        assertThat(chunks(text, true).getFirst())
                .isEqualTo("When the weather had turned bad at last,");
        assertThat(chunks(text, false)).containsExactly(text);
    }

    @Test
    void noCutIsWithinAnItem() {
        for (int words = 1; words < 60; words++) {
            String text =
                    "so ".repeat(words)
                            + "call the man at 555-123-4567 or on May 5, 2024 at 10:30:15 pm, then"
                            + " pay $157,250.75 and go on with what you did before all of this.";
            for (String chunk : chunks(text, true)) {
                assertThat(chunk)
                        .doesNotEndWith("five five five,")
                        .doesNotEndWith("one two three,")
                        .doesNotEndWith("May fifth,")
                        .doesNotEndWith("hundred");
            }
        }
    }

    @Test
    void linesWithoutAMarkAreSentences() {
        assertThat(
                        chunks(
                                "There are four fruits that we want:\nApple\nBanana\nOrange\nBlueberry",
                                true))
                .containsExactly(
                        "There are four fruits that we want:", "Apple. Banana. Orange. Blueberry");
        assertThat(chunks("# Results\n\nThe test passed.", true))
                .containsExactly("Results. The test passed.");
        assertThat(chunks("- Preheat it\n- Mix 2 eggs\n* Bake", true))
                .containsExactly("Preheat it. Mix two eggs.", "Bake");
        assertThat(chunks("| Name | Age |\n|------|-----|\n| Ann | 5 |\n", true))
                .containsExactly("Name. Age. Ann. five.");
    }

    @Test
    void aLineThatWasWrappedGoesOn() {
        String line = "This line is long enough to have been broken by an editor and";
        assertThat(chunks(line + "\ngoes on here", true)).containsExactly(line + " goes on here");
    }

    @Test
    void numberedItemsInALineAreSentences() {
        assertThat(chunks("1. wash 2. rinse 3. dry", true))
                .containsExactly("one, wash. two, rinse.", "three, dry");
        assertThat(chunks("1. Wash it\n2. Rinse it", true))
                .containsExactly("one, Wash it. two, Rinse it");
    }

    @Property(tries = 200)
    void chunksAreCutOnlyBehindMarks(@ForAll @IntRange(min = 1, max = 300) int seed) {
        StringBuilder text = new StringBuilder();
        java.util.Random random = new java.util.Random(seed);
        for (int i = 0; i < 60; i++) {
            text.append("abcdefgh", 0, 1 + random.nextInt(7));
            text.append(random.nextInt(9) == 0 ? ", " : random.nextInt(20) == 0 ? ". " : " ");
        }
        List<String> chunks = chunks(text.toString(), seed % 2 == 0);
        for (int i = 0; i + 1 < chunks.size(); i++) {
            assertThat(chunks.get(i)).matches("(?s).*[.,]");
        }
    }
}
