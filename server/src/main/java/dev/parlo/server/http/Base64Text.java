package dev.parlo.server.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.Locale;
import java.util.function.Function;

/**
 * Recordings that come as base64 in a text. Line breaks are let through, which some encoders write;
 * anything else that is not of its alphabet is refused with its place: the JDK's decoder for MIME,
 * which allows line breaks, passes over whatever it does not know.
 */
public final class Base64Text {
    private static final String DATA_URL = "data:";

    /** Of the text's own, where there is nothing wrong with its characters. */
    private static final String CUT = "it is cut short, or padded in its middle";

    private Base64Text() {}

    /**
     * The bytes of a recording.
     *
     * @param text base64, or a data URL that holds it
     * @param refusal makes what is thrown of the reason: "it is empty"
     */
    public static <E extends RuntimeException> byte[] recording(
            String text, Function<String, E> refusal) {
        int start =
                text.regionMatches(true, 0, DATA_URL, 0, DATA_URL.length())
                        ? text.indexOf(',') + 1
                        : 0;
        byte[] bytes;
        try {
            bytes = decode(text.substring(start));
        } catch (IllegalArgumentException malformed) {
            throw refusal.apply(String.valueOf(malformed.getMessage()));
        }
        if (bytes.length == 0) {
            throw refusal.apply("it is empty");
        }
        return bytes;
    }

    /**
     * The bytes of a text, which may be none.
     *
     * @throws IllegalArgumentException with the reason as half a sentence: "its character 3 is '!'"
     */
    public static byte[] decode(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isKnown(c) && c != '\r' && c != '\n') {
                throw new IllegalArgumentException(wrong(i, c));
            }
        }
        try {
            // its decoder for MIME, which allows line breaks, would also pass over odd padding
            return Base64.getDecoder().decode(text.replace("\r", "").replace("\n", ""));
        } catch (IllegalArgumentException incomplete) {
            throw new IllegalArgumentException(CUT, incomplete);
        }
    }

    /** The bytes of a text while it is read; reading throws where it is not base64. */
    public static InputStream decoding(InputStream text) {
        return new Decoded(new Checked(text));
    }

    private static boolean isKnown(int c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '+'
                || c == '/'
                || c == '=';
    }

    private static String wrong(long index, int c) {
        String shown =
                c > ' ' && c < 127 ? "'" + (char) c + "'" : String.format(Locale.ROOT, "U+%04X", c);
        return String.format(Locale.ROOT, "its character %d is %s", index + 1, shown);
    }

    /** The characters without line breaks. */
    private static final class Checked extends FilterInputStream {
        private long index;

        Checked(InputStream text) {
            super(text);
        }

        @Override
        public int read() throws IOException {
            int c = in.read();
            while (c == '\r' || c == '\n') {
                index++;
                c = in.read();
            }
            if (c >= 0 && !isKnown(c)) {
                throw new IOException(wrong(index, c));
            }
            index++;
            return c;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = 0;
            while (count < length) {
                int c = read();
                if (c < 0) {
                    return count == 0 ? -1 : count;
                }
                bytes[offset + count++] = (byte) c;
            }
            return count;
        }
    }

    /** The JDK's stream ends at the padding, whatever follows it. */
    private static final class Decoded extends FilterInputStream {
        private final Checked text;

        Decoded(Checked text) {
            super(Base64.getDecoder().wrap(text));
            this.text = text;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = in.read(bytes, offset, length);
            if (count < 0 && text.read() >= 0) {
                throw new IOException(CUT);
            }
            return count;
        }
    }
}
