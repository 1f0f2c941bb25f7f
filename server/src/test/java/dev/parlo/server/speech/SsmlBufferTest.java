package dev.parlo.server.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.parlo.engine.text.Script;
import dev.parlo.engine.text.TextMarkup;
import dev.parlo.server.http.ApiError;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class SsmlBufferTest {
    private final SsmlBuffer buffer = new SsmlBuffer();

    @Test
    void aDocumentIsGivenOutWhenItHasEnded() {
        buffer.add("<speak>One. Two. <prosody rate=\"slow\">Three.</pro");
        assertThat(buffer.ready()).isEmpty();
        buffer.add("sody></speak> <speak>Fo");
        assertThat(buffer.ready())
                .containsExactly(
                        "<speak>One. Two. <prosody rate=\"slow\">Three.</prosody></speak>");
        assertThat(buffer.whole()).isEmpty();
        buffer.add("ur</speak>");
        assertThat(buffer.whole()).containsExactly("<speak>Four</speak>");
        assertThat(buffer.all()).isEmpty();
    }

    @Test
    void whatStandsAloneIsGivenOutBySentencesAndNeverCutInATag() {
        buffer.add("Hello. <break time=\"1. 5s\"");
        assertThat(buffer.ready()).containsExactly("<speak>Hello.</speak>");
        buffer.add(" /> <sub alias=\"a > b. c\">ab. c</sub> goes on. And");
        assertThat(buffer.ready())
                .containsExactly(
                        "<speak><break time=\"1. 5s\" /> <sub alias=\"a > b. c\">ab. c</sub> goes"
                                + " on.</speak>");
        assertThat(buffer.whole()).containsExactly("<speak>And</speak>");
    }

    @Test
    void theEndBringsEvenWhatIsBroken() {
        buffer.add("<speak>Hello");
        assertThat(buffer.all()).containsExactly("<speak>Hello");
        buffer.add("Next.");
        assertThat(buffer.all()).containsExactly("<speak>Next.</speak>");
    }

    @Test
    void aDocumentWithoutEndIsRefused() {
        buffer.add("<speak>");
        assertThatExceptionOfType(ApiError.class)
                .isThrownBy(() -> buffer.add("word ".repeat(60_000)))
                .withMessageContaining("without an end");
    }

    @Property(tries = 300)
    void nothingIsLostHoweverItIsCut(
            @ForAll @Size(max = 12) List<@IntRange(min = 0, max = 6) Integer> parts,
            @ForAll @IntRange(min = 1, max = 9) int length) {
        String[] texts = {
            "word ",
            "end. ",
            "3.5 ",
            "字。",
            "<break time='1s'/>",
            "<s>in. side</s> ",
            "<speak>whole. one</speak>"
        };
        StringBuilder given = new StringBuilder();
        parts.forEach(part -> given.append(texts[part]));
        SsmlBuffer cut = new SsmlBuffer();
        List<String> documents = new ArrayList<>();
        for (int i = 0; i < given.length(); i += length) {
            cut.add(given.substring(i, Math.min(given.length(), i + length)));
            documents.addAll(cut.ready());
        }
        documents.addAll(cut.all());
        StringBuilder said = new StringBuilder();
        documents.forEach(one -> said.append(Script.of(one, TextMarkup.SSML).source()));
        assertThat(words(said.toString()))
                .isEqualTo(words(given.toString().replaceAll("<[^>]*>", " ")));
    }

    private static String words(String text) {
        return text.replaceAll("\\s+", "");
    }
}
