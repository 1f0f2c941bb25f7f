package dev.parlo.server.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.server.SettingsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PronunciationFileTest {
    @TempDir Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochSecond(1000));
    private long written = 5000;

    private Path file() {
        return folder.resolve("pronunciations.json");
    }

    private void write(String json) throws IOException {
        Files.writeString(file(), json);
        Files.setLastModifiedTime(file(), FileTime.fromMillis(written += 1000));
        now.set(now.get().plusSeconds(2));
    }

    @Test
    void aChangedFileHoldsAtOnceAndABrokenOneNever() throws IOException {
        PronunciationFile file = PronunciationFile.open(file(), now::get);
        assertThat(file.get().size()).isZero();
        write("{\"Parlo\": \"/pˈɑɹloʊ/\", \"nginx\": \"engine x\"}");
        assertThat(file.get().size()).isEqualTo(2);
        for (String broken : new String[] {"{", "[]", "{\"a\": 1}", "{\"a\": \" \"}", ""}) {
            write(broken);
            assertThat(file.get().size()).as(broken).isEqualTo(2);
        }
        write("{\"a\": \"b\"}");
        assertThat(file.get().size()).isEqualTo(1);
        Files.delete(file());
        assertThat(file.get().size()).isEqualTo(1);
        now.set(now.get().plusSeconds(2));
        assertThat(file.get().size()).isZero();
    }

    @Test
    void aClockThatWasPutBackDoesNotKeepAnOldFile() throws IOException {
        PronunciationFile file = PronunciationFile.open(file(), now::get);
        assertThat(file.get().size()).isZero();
        write("{\"a\": \"b\"}");
        now.set(Instant.ofEpochSecond(10));
        assertThat(file.get().size()).isEqualTo(1);
    }

    @Test
    void aFileThatIsWrongFromTheStartEndsIt() throws IOException {
        write("{\"tomato\": 7}");
        assertThatThrownBy(() -> PronunciationFile.open(file(), now::get))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("PRONUNCIATIONS_PATH")
                .hasMessageContaining("'tomato'");
    }

    @Property(tries = 100)
    void anyBytesAreReadOrRefused(@ForAll("files") String text) throws IOException {
        Path file = Files.createTempFile("pronunciations", ".json");
        try {
            Files.write(file, text.getBytes(StandardCharsets.UTF_8));
            assertThat(PronunciationFile.open(file, now::get).get().size()).isNotNegative();
        } catch (SettingsException refused) {
            assertThat(refused).hasMessageContaining("PRONUNCIATIONS_PATH");
        } finally {
            Files.delete(file);
        }
    }

    @Provide
    Arbitrary<String> files() {
        Arbitrary<String> word = Arbitraries.strings().withChars("ab\\\" /é\u0000").ofMaxLength(5);
        Arbitrary<String> entries =
                word.list()
                        .ofMaxSize(4)
                        .map(words -> {
                            StringBuilder json = new StringBuilder("{");
                            for (String each : words) {
                                json.append(json.length() > 1 ? "," : "")
                                        .append('"')
                                        .append(each)
                                        .append("\":\"x\"");
                            }
                            return json.append('}').toString();
                        });
        return Arbitraries.oneOf(entries, Arbitraries.strings().ofMaxLength(20));
    }
}
