package dev.parlo.server.elevenlabs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class TextBufferTest {
    @Test
    void waitsForTheScheduleAndCutsAtTheEndOfASentence() {
        TextBuffer buffer = new TextBuffer();
        buffer.schedule(List.of(20, 40));
        buffer.add("One sentence. ");
        assertThat(buffer.scheduled()).isEmpty();
        buffer.add("And another o");
        assertThat(buffer.scheduled()).isEqualTo("One sentence. ");
        buffer.add("ne comes slowly. ");
        assertThat(buffer.scheduled()).as("the second waits longer").isEmpty();
        buffer.add("It goes on and on.");
        assertThat(buffer.scheduled()).isEqualTo("And another one comes slowly. ");
        assertThat(buffer.all()).isEqualTo("It goes on and on.");
    }

    @Test
    void cutsAtAWordWhereNoSentenceEnds() {
        TextBuffer buffer = new TextBuffer();
        buffer.schedule(List.of(10));
        buffer.add("no sentence end here");
        assertThat(buffer.scheduled()).isEqualTo("no sentence end ");
        assertThat(buffer.scheduled()).isEmpty();
        assertThat(buffer.all()).isEqualTo("here");
    }

    @Test
    void aClientInAHurryGetsClausesButNotSingleWords() {
        TextBuffer buffer = new TextBuffer();
        buffer.add("Well ");
        assertThat(buffer.soon()).isEmpty();
        buffer.add("then, ");
        assertThat(buffer.soon()).isEqualTo("Well then, ");
    }

    @Test
    void blanksThatKeepTheConnectionAreNoText() {
        TextBuffer buffer = new TextBuffer();
        buffer.add(" ");
        buffer.add(" ");
        assertThat(buffer.all()).isEmpty();
    }

    @Property(tries = 300)
    void nothingIsLost(
            @ForAll @Size(max = 30) List<@IntRange(min = 0, max = 6) Integer> pieces,
            @ForAll @IntRange(min = 1, max = 30) int length) {
        String[] texts = {"word ", "end. ", "3.", "14 ", "字。", "x", "! "};
        TextBuffer buffer = new TextBuffer();
        buffer.schedule(List.of(length));
        StringBuilder in = new StringBuilder();
        StringBuilder out = new StringBuilder();
        for (int piece : pieces) {
            in.append(texts[piece]);
            buffer.add(texts[piece]);
            out.append(piece % 2 == 0 ? buffer.scheduled() : buffer.soon());
        }
        out.append(buffer.all());
        assertThat(out.toString().replaceAll("\\s", ""))
                .isEqualTo(in.toString().replaceAll("\\s", ""));
    }
}
