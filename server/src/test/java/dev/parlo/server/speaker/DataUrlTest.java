package dev.parlo.server.speaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataUrlTest {
    @TempDir Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("url"), text, StandardCharsets.ISO_8859_1);
    }

    @Test
    void aDataUrlIsDecoded() throws IOException {
        for (String head :
                new String[] {
                    "data:audio/wav;base64,", "DATA:audio/wav;BASE64,", "data:;base64,"
                }) {
            try (DataUrl url = DataUrl.open(file(head + "aGVs\r\nbG8="))) {
                assertThat(url).isNotNull();
                assertThat(
                                url == null
                                        ? ""
                                        : new String(
                                                url.content().readAllBytes(),
                                                StandardCharsets.US_ASCII))
                        .isEqualTo("hello");
            }
        }
        try (DataUrl url = DataUrl.open(file("data:audio/pcm;rate=8000;base64,AAAA"))) {
            assertThat(url == null ? "" : url.contentType()).isEqualTo("audio/pcm;rate=8000");
        }
    }

    @Test
    void otherFilesAreNone() throws IOException {
        assertThat(DataUrl.open(file("RIFF data:"))).isNull();
        assertThat(DataUrl.open(file(""))).isNull();
        assertThatThrownBy(() -> DataUrl.open(file("data:audio/wav,hello")))
                .hasMessage("it is not in base64");
        assertThatThrownBy(() -> DataUrl.open(file("data:" + "x".repeat(1000))))
                .hasMessage("it has no comma before its data");
    }

    @Test
    void charactersThatAreNotBase64AreNamedWithTheirPlace() throws IOException {
        for (String[] wrong :
                new String[][] {
                    {"!!!!", "its character 1 is '!'"},
                    {"aGVs\r\nbG 8=", "its character 9 is U+0020"},
                    {"aGVsbG8=junk", "it is cut short, or padded in its middle"}
                }) {
            try (DataUrl url = DataUrl.open(file("data:audio/wav;base64," + wrong[0]))) {
                assertThatThrownBy(() -> Objects.requireNonNull(url).content().readAllBytes())
                        .isInstanceOf(IOException.class)
                        .hasMessage(wrong[1]);
            }
        }
    }

    @Property(tries = 500)
    void whateverFollowsIsDecodedOrRefused(
            @ForAll @Size(max = 60) byte[] bytes, @ForAll boolean encoded) throws IOException {
        Path file = Files.createTempFile("url", ".txt");
        try {
            String data =
                    encoded
                            ? Base64.getEncoder().encodeToString(bytes)
                            : new String(bytes, StandardCharsets.ISO_8859_1);
            Files.writeString(file, "data:audio/wav;base64," + data, StandardCharsets.ISO_8859_1);
            try (DataUrl url = DataUrl.open(file)) {
                assertThat(url).isNotNull();
                byte[] read = url == null ? new byte[0] : url.content().readAllBytes();
                if (encoded) {
                    assertThat(read).containsExactly(bytes);
                }
            } catch (IOException notBase64) {
                assertThat(encoded).isFalse();
            }
        } finally {
            Files.delete(file);
        }
    }
}
