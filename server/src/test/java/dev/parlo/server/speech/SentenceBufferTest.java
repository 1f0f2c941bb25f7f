package dev.parlo.server.speech;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class SentenceBufferTest {
    @Test
    void givesOutWholeSentencesOnly() {
        SentenceBuffer buffer = new SentenceBuffer();
        buffer.add("  It costs 3.");
        assertThat(buffer.sentences()).as("the point of a number").isEmpty();
        buffer.add("50 pounds. Or ");
        assertThat(buffer.sentences()).isEqualTo("It costs 3.50 pounds. ");
        buffer.add("more! ");
        assertThat(buffer.sentences()).isEqualTo("Or more! ");
        assertThat(buffer.length()).isZero();
    }

    @Test
    void ideographsNeedNoSpaces() {
        SentenceBuffer buffer = new SentenceBuffer();
        buffer.add("你好。");
        assertThat(buffer.sentences()).isEqualTo("你好。");
        buffer.add("你好吗");
        assertThat(buffer.sentences()).isEmpty();
        assertThat(buffer.words()).isEqualTo("你好吗");
    }

    @Test
    void aSentenceWithoutEndIsGivenOutInParts() {
        SentenceBuffer buffer = new SentenceBuffer();
        buffer.add("and on ".repeat(1000));
        assertThat(buffer.sentences().length()).isGreaterThan(4000);
        buffer.add("x".repeat(10_000));
        assertThat(buffer.sentences()).hasSize(10_000);
    }

    @Property(tries = 500)
    void nothingIsLostAndSpaceIsNoTextOfItsOwn(@ForAll List<String> pieces) {
        SentenceBuffer buffer = new SentenceBuffer();
        StringBuilder out = new StringBuilder();
        for (String piece : pieces) {
            buffer.add(piece);
            out.append(buffer.sentences());
        }
        out.append(buffer.all());
        assertThat(plain(out.toString())).isEqualTo(plain(String.join("", pieces)));
    }

    private static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        text.chars().filter(c -> !Character.isWhitespace(c)).forEach(c -> plain.append((char) c));
        return plain.toString();
    }
}
