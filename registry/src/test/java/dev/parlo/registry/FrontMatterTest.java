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

    /** What a reader made by hand had lost: the forms that YAML has and people use. */
    @Test
    void everyFormOfAListIsRead() {
        FrontMatter head =
                FrontMatter.of(
                        """
                        ---
                        language:
                            - en
                            - no
                        tags: [
                          audio,
                          "speaches",   # a comment
                          kokoro
                        ]
                        license: >-
                          apache-2.0
                        library_name: |
                          onnx
                        pipeline_tag:
                          text-to-speech
                        "datasets": ['a', "b\\u00e9", yes, 1.0, null, 'null']
                        base: &models [x, y]
                        base_model: *models
                        inline: {tags: wrong, language: [wrong]}
                        ---
                        """);
        assertThat(head.list("language")).containsExactly("en", "no");
        assertThat(head.list("tags")).containsExactly("audio", "speaches", "kokoro");
        assertThat(head.first("license")).isEqualTo("apache-2.0");
        assertThat(head.first("library_name")).isEqualTo("onnx");
        assertThat(head.first("pipeline_tag")).isEqualTo("text-to-speech");
        assertThat(head.list("datasets")).containsExactly("a", "bé", "yes", "1.0", "null");
        assertThat(head.list("base_model")).containsExactly("x", "y");
        assertThat(head.list("inline")).isEmpty();
    }

    @Test
    void aBrokenLineCostsItselfOnly() {
        FrontMatter head =
                FrontMatter.of(
                        "---\nlanguage: en\n  bad: : here\n\tworse\ntags:\n- a\n- b\u0007\nlicense:"
                                + " mit\n---\n");
        assertThat(head.first("language")).startsWith("en");
        assertThat(head.list("tags")).containsExactly("a", "b");
        assertThat(head.first("license")).isEqualTo("mit");
    }

    @Test
    void anEscapeBeyondUnicodeCostsItselfOnly() {
        FrontMatter head =
                FrontMatter.of(
                        """
                        ---
                        license: "mit \\Ucccccccc"
                        pipeline_tag: text-to-speech \\Uffffffff
                        library_name: "onnx \\U7fffffff"
                        language: en
                        ---
                        """);
        assertThat(head.first("license")).isEqualTo("mit \uFFFD");
        assertThat(head.first("library_name")).isNull();
        assertThat(head.first("language")).isEqualTo("en");
    }

    @Test
    void depthAndAliasesCostNothing() {
        String deep = "[".repeat(100_000);
        assertThat(FrontMatter.of("---\nlanguage: en\nx: " + deep + "\n---\n").first("language"))
                .isEqualTo("en");
        StringBuilder laughs = new StringBuilder("---\na0: &a0 [ha, ha]\n");
        for (int i = 1; i < 40; i++) {
            laughs.append("a" + i + ": &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + "]\n");
        }
        FrontMatter head = FrontMatter.of(laughs + "language: en\n---\n");
        assertThat(head.first("language")).isEqualTo("en");
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
