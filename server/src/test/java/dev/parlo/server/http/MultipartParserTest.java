package dev.parlo.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartParserTest {
    private static final String BOUNDARY = "b0und";

    private record Part(MultipartParser.Head head, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private static List<Part> parse(InputStream in) throws IOException {
        List<Part> parts = new ArrayList<>();
        new MultipartParser(in, BOUNDARY)
                .parse((head, body) -> parts.add(new Part(head, body.readAllBytes())), 10);
        return parts;
    }

    private static List<Part> parse(String text) throws IOException {
        return parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** Gives at most {@code step} bytes at a time, as a slow network does. */
    private static InputStream inSteps(byte[] bytes, int step) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, step));
            }
        };
    }

    private static byte[] form(List<byte[]> bodies) {
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < bodies.size(); i++) {
            form.append("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"p")
                    .append(i)
                    .append("\"\r\n\r\n")
                    .append(new String(bodies.get(i), StandardCharsets.ISO_8859_1))
                    .append("\r\n");
        }
        return (form + "--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    @Property(tries = 300)
    void partsComeBackByteForByte(
            @ForAll @Size(max = 4) List<byte @Size(max = 300) []> bodies,
            @ForAll @IntRange(min = 1, max = 50) int step)
            throws IOException {
        List<Part> parts = parse(inSteps(form(bodies), step));
        assertThat(parts).hasSameSizeAs(bodies);
        for (int i = 0; i < parts.size(); i++) {
            assertThat(parts.get(i).body()).isEqualTo(bodies.get(i));
            assertThat(parts.get(i).head().name()).isEqualTo("p" + i);
        }
    }

    /** Where a buffer ends within what might become a delimiter, and does not. */
    @Property(tries = 2000)
    void bodiesFullOfPiecesOfDelimitersComeBackByteForByte(
            @ForAll @Size(max = 8) List<@IntRange(max = 9) Integer> pieces,
            @ForAll @IntRange(min = 1, max = 12) int step)
            throws IOException {
        String[] all = {
            "\r", "\n", "-", "--", "\r\n", BOUNDARY, "\r\n--", "\r\n--b0un", "\n--" + BOUNDARY, "x"
        };
        StringBuilder text = new StringBuilder();
        pieces.forEach(piece -> text.append(all[piece]));
        Assume.that(!("\r\n" + text + "\r\n").contains("\r\n--" + BOUNDARY));
        byte[] body = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        assertThat(parse(inSteps(form(List.of(body)), step)).getFirst().body()).isEqualTo(body);
    }

    @Property(tries = 300)
    void anyBytesEndInPartsOrInAnIoException(@ForAll @Size(max = 400) byte[] bytes) {
        try {
            assertThat(parse(new ByteArrayInputStream(bytes))).hasSizeLessThanOrEqualTo(10);
        } catch (IOException e) {
            assertThat(e).isInstanceOf(MultipartParser.MalformedException.class);
        }
    }

    @Property(tries = 200)
    void aFormCutShortIsMalformed(@ForAll @IntRange(min = 0, max = 120) int length) {
        byte[] whole = form(List.of("hello".getBytes(StandardCharsets.UTF_8), new byte[40]));
        byte[] cut = java.util.Arrays.copyOf(whole, length);
        assertThatThrownBy(() -> parse(new ByteArrayInputStream(cut)))
                .isInstanceOf(MultipartParser.MalformedException.class);
    }

    @Test
    void aLargeBodyThatIsFullOfAlmostBoundariesIsKept() throws IOException {
        byte[] body =
                ("\r\n--b0un\r\r\n--b0u\r\n-").repeat(20_000).getBytes(StandardCharsets.UTF_8);
        assertThat(parse(new ByteArrayInputStream(form(List.of(body)))).getFirst().body())
                .isEqualTo(body);
    }

    @Test
    void aPartThatIsNotReadIsSkipped() throws IOException {
        List<String> names = new ArrayList<>();
        new MultipartParser(
                        new ByteArrayInputStream(form(List.of(new byte[200_000], new byte[3]))),
                        BOUNDARY)
                .parse((head, body) -> names.add(head.name()), 10);
        assertThat(names).containsExactly("p0", "p1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--b0und",
                "--b0und\r\n\r\nno name\r\n--b0und--",
                "--b0und\r\nbad header\r\n\r\nx\r\n--b0und--",
                "--b0undX\r\n\r\n--b0und--"
            })
    void malformedBodiesAreSaidToBe(String body) {
        assertThatThrownBy(() -> parse(body))
                .isInstanceOf(MultipartParser.MalformedException.class);
    }

    @Test
    void headersAndPartsHaveLimits() {
        String many = "--b0und\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n".repeat(11);
        assertThatThrownBy(() -> parse(many + "--b0und--")).hasMessageContaining("10 parts");
        assertThatThrownBy(() -> parse("--b0und\r\n" + "X: y\r\n".repeat(5000)))
                .hasMessageContaining("too long");
    }

    @Test
    void namesAreReadInEveryNotation() throws IOException {
        String body =
                "--b0und\r\n"
                        + "content-disposition: form-data; filename*=UTF-8''a%20%E2%82%AC.wav;"
                        + " filename=\"plain\"; name=\"f;x\"\r\nCONTENT-TYPE: audio/wav\r\n\r\nx\r\n"
                        + "--b0und \r\nContent-Disposition: form-data; name=bare ;filename=\"C:\\dir\\\"q\\\".wav\"\r\n"
                        + "\r\n\r\n--b0und--";
        List<Part> parts = parse(body);
        assertThat(parts.get(0).head())
                .isEqualTo(new MultipartParser.Head("f;x", "a €.wav", "audio/wav"));
        assertThat(parts.get(0).text()).isEqualTo("x");
        assertThat(parts.get(1).head())
                .isEqualTo(new MultipartParser.Head("bare", "C:\\dir\"q\".wav", null));
        assertThat(parts.get(1).body()).isEmpty();
    }
}
