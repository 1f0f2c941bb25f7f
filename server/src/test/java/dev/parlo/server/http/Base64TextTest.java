package dev.parlo.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class Base64TextTest {
    @Test
    void whatIsNotBase64IsRefusedWithItsPlace() {
        for (String[] wrong :
                new String[][] {
                    {"!!!!", "its character 1 is '!'"},
                    {"QUJ D", "its character 4 is U+0020"},
                    {"QUJ-", "its character 4 is '-'"},
                    {"QUJDé", "its character 5 is U+00E9"},
                    {"QUJDQ", "it is cut short, or padded in its middle"},
                    {"QUI=QUI=", "it is cut short, or padded in its middle"},
                    {"", "it is empty"},
                    {"\r\n", "it is empty"},
                    {"data:audio/wav;base64,!", "its character 1 is '!'"},
                    {"data:no comma", "its character 5 is ':'"}
                }) {
            assertThatThrownBy(() -> Base64Text.recording(wrong[0], IllegalStateException::new))
                    .as(wrong[0])
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(wrong[1]);
        }
    }

    @Test
    void aDataUrlAndLineBreaksAreTaken() {
        for (String text :
                new String[] {
                    "QUJD", "QU\r\nJD\n", "data:audio/wav;base64,QUJD", "DATA:;base64,QUJD"
                }) {
            assertThat(Base64Text.recording(text, IllegalStateException::new))
                    .asString()
                    .isEqualTo("ABC");
        }
    }

    @Property(tries = 2000)
    void aStreamIsReadAsATextIs(
            @ForAll
                    @StringLength(max = 12)
                    @CharRange(from = 'A', to = 'C')
                    @Chars({'=', '\n', '!', 'é'})
                    String text) {
        assertThat(streamed(text)).isEqualTo(decoded(text));
    }

    @Property(tries = 200)
    void whateverIsEncodedIsDecoded(@ForAll byte[] bytes) {
        String text = Base64.getMimeEncoder().encodeToString(bytes);
        assertThat(Base64Text.decode(text)).isEqualTo(bytes);
        assertThat(streamed(text)).contains(hex(bytes));
    }

    private static Optional<String> decoded(String text) {
        try {
            return Optional.of(hex(Base64Text.decode(text)));
        } catch (IllegalArgumentException refused) {
            return Optional.empty();
        }
    }

    private static Optional<String> streamed(String text) {
        try (var stream =
                Base64Text.decoding(
                        new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)))) {
            return Optional.of(hex(stream.readAllBytes()));
        } catch (IOException refused) {
            return Optional.empty();
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
