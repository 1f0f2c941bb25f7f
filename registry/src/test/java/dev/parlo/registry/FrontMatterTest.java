package dev.parlo.registry;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;

class FrontMatterTest {
    @Test
    void readsWordsAndLists() {
        FrontMatter head =
                FrontMatter.of(
                        """
                        ---
                        # a comment
                        language:
                        - en
                        - no   # Norwegian
                          - "zh"
                        library_name: ctranslate2
                        tags: [audio, 'speaches', "with, comma-less"]
                        license: 'mit'
                        base_model: ~
                        pipeline_tag: automatic-speech-recognition # what it does
                        model-index:
                        - name: x
                          results:
                          - task:
                              type: asr
                        widget: >
                          tags: wrong
                        empty:
                        ---
                        tags: not in the head
                        """);
        assertThat(head.list("language")).containsExactly("en", "no", "zh");
        assertThat(head.first("library_name")).isEqualTo("ctranslate2");
        assertThat(head.list("tags")).contains("audio", "speaches");
        assertThat(head.first("license")).isEqualTo("mit");
        assertThat(head.list("base_model")).isEmpty();
        assertThat(head.first("pipeline_tag")).isEqualTo("automatic-speech-recognition");
        assertThat(head.list("model-index")).isEmpty();
        assertThat(head.list("empty")).isEmpty();
    }

    @Test
    void norwegianAloneStaysNorwegian() {
        assertThat(FrontMatter.of("---\nlanguage: no\n---\n").list("language"))
                .containsExactly("no");
    }

    @Test
    void aTextWithoutAHeadHasNone() {
        assertThat(FrontMatter.of("# Title\n---\nlanguage: en\n---\n").values()).isEmpty();
        assertThat(FrontMatter.of("---\nlanguage: en\n").values()).isEmpty();
        assertThat(FrontMatter.of("").values()).isEmpty();
    }

    @Test
    void aMarkAndWindowsLinesDoNoHarm() {
        assertThat(FrontMatter.of("\uFEFF---\r\nlanguage: en\r\n---\r\n").list("language"))
                .containsExactly("en");
    }

    @Property(tries = 1000)
    void anyTextIsReadWithoutFailing(
            @ForAll
                    @CharRange(from = 'a', to = 'c')
                    @Chars({'-', ':', '\n', ' ', '[', ']', '"', '\'', '#', ','})
                    String text) {
        FrontMatter head = FrontMatter.of("---\n" + text + "\n---\n");
        assertThat(head.values().values())
                .allSatisfy(words -> assertThat(words).doesNotContain(""));
    }
}
