package dev.parlo.engine.kokoro;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An array in numpy's format (.npy, versions 1 to 3): a magic number, a header that is a Python
 * dictionary in text, then the numbers. Only little-endian float32 in C order, rows of 256.
 *
 * @param values all numbers, row by row
 */
record NumpyArray(float[] values) {
    private static final int MAGIC = 0x4D554E93;
    private static final int MAGIC_REST = 0x5950;
    private static final Pattern SHAPE = Pattern.compile("'shape':\\s{0,9}\\(([\\d, ]{1,100})\\)");

    /**
     * @throws IllegalArgumentException that says what is wrong
     */
    static NumpyArray parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < 12 || in.getInt(0) != MAGIC || in.getShort(4) != MAGIC_REST) {
            throw new IllegalArgumentException("an entry is not in numpy's format");
        }
        boolean first = bytes[6] == 1;
        long header = first ? in.getShort(8) & 0xFFFF : in.getInt(8) & 0xFFFFFFFFL;
        long data = (first ? 10 : 12) + header;
        if (data > bytes.length) {
            throw new IllegalArgumentException("a numpy header is longer than its entry");
        }
        String text = new String(bytes, 0, (int) data, StandardCharsets.ISO_8859_1);
        if (!text.contains("'<f4'") || text.contains("'fortran_order': True")) {
            throw new IllegalArgumentException("a voice is not stored as little-endian float32");
        }
        Matcher shape = SHAPE.matcher(text);
        if (!shape.find()) {
            throw new IllegalArgumentException("a voice has no shape");
        }
        float[] values = VoiceFiles.floats(bytes, (int) data, bytes.length - (int) data);
        check(shape.group(1), values.length);
        return new NumpyArray(values);
    }

    private static void check(String shape, int count) {
        long product = 1;
        String last = "";
        for (String dim : shape.split(",")) {
            last = dim.strip();
            if (!last.isEmpty()) {
                product = last.length() > 9 ? -1 : product * Long.parseLong(last);
            }
            if (product < 0 || product > count) {
                break;
            }
        }
        if (product != count) {
            throw new IllegalArgumentException(
                    "a voice of shape (" + shape + ") holds " + count + " numbers");
        }
        if (!shape.replace(" ", "").matches("(\\d+,)*256,?")) {
            throw new IllegalArgumentException("a voice does not have 256 numbers in a row");
        }
    }
}
