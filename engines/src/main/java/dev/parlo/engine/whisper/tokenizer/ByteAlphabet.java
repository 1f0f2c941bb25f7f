package dev.parlo.engine.whisper.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * GPT-2's printable stand-ins for the 256 byte values: bytes that print stand for themselves, the
 * other 68 for U+0100 onwards. Vocabulary files write tokens in these characters.
 */
final class ByteAlphabet {
    private final char[] charOfByte = new char[256];
    private final int[] byteOfChar = new int[0x144];

    ByteAlphabet() {
        Arrays.fill(byteOfChar, -1);
        int next = 0x100;
        for (int value = 0; value < 256; value++) {
            boolean printable =
                    (value >= 33 && value <= 126) || (value >= 161 && value <= 172) || value >= 174;
            char c = (char) (printable ? value : next++);
            charOfByte[value] = c;
            byteOfChar[c] = value;
        }
    }

    /** The UTF-8 bytes of a text, one character each. */
    String spell(String text) {
        StringBuilder spelled = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            spelled.append(charOfByte[b & 0xff]);
        }
        return spelled.toString();
    }

    /** The bytes of a token; one that is not written in this alphabet keeps its own UTF-8 bytes. */
    byte[] bytes(String token) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(token.length());
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            if (c >= byteOfChar.length || byteOfChar[c] < 0) {
                return token.getBytes(StandardCharsets.UTF_8);
            }
            bytes.write(byteOfChar[c]);
        }
        return bytes.toByteArray();
    }
}
