package dev.parlo.engine.whisper.tokenizer;

/**
 * UTF-8 with one U+FFFD for each maximal invalid sub-sequence (Unicode's recommended practice, and
 * what the tokenizers library does). The JDK's decoder differs for encoded surrogates.
 */
final class LossyUtf8 {
    private LossyUtf8() {}

    static String decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    static String decode(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        int i = from;
        while (i < to) {
            int valid = validPrefix(bytes, i, to);
            if (valid > 0 && valid == width(bytes[i] & 0xff)) {
                text.appendCodePoint(codePoint(bytes, i, valid));
            } else {
                text.append('\uFFFD');
            }
            i += Math.max(1, valid);
        }
        return text.toString();
    }

    /** How many bytes at the end begin a character that more bytes could complete: 0 to 3. */
    static int incompleteTail(byte[] bytes, int length) {
        for (int back = 1; back <= Math.min(3, length); back++) {
            int first = bytes[length - back] & 0xff;
            if ((first & 0xc0) != 0x80) {
                boolean open = width(first) > back;
                return open && validPrefix(bytes, length - back, length) == back ? back : 0;
            }
        }
        return 0;
    }

    /** Length of the character that a first byte announces, 0 when it cannot be a first byte. */
    private static int width(int first) {
        if (first < 0x80) {
            return 1;
        }
        if (first < 0xc2 || first > 0xf4) {
            return 0;
        }
        return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    }

    /** How many bytes from {@code i} on are the start of, or a whole, valid character. */
    private static int validPrefix(byte[] bytes, int i, int to) {
        int first = bytes[i] & 0xff;
        int width = width(first);
        int length = width == 0 ? 0 : 1;
        while (length > 0 && length < width && i + length < to) {
            int next = bytes[i + length] & 0xff;
            int low = 0x80;
            int high = 0xbf;
            if (length == 1) {
                low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
                high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
            }
            if (next < low || next > high) {
                break;
            }
            length++;
        }
        return length;
    }

    private static int codePoint(byte[] bytes, int i, int width) {
        int value = bytes[i] & (width == 1 ? 0x7f : 0xff >> (width + 1));
        for (int j = 1; j < width; j++) {
            value = value << 6 | (bytes[i + j] & 0x3f);
        }
        return value;
    }
}
