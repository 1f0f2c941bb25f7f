package dev.parlo.server.http;

import java.nio.file.Path;

/**
 * Where uploads are spooled and how large they may be.
 *
 * @param directory of temporary files
 * @param maxFileBytes of all file parts of a form together
 */
public record UploadLimits(Path directory, long maxFileBytes) {
    /** A text field's largest size, as in Speaches' form parser. */
    static final int MAX_TEXT_BYTES = 1 << 20;

    /** Parts of one form. */
    public static final int MAX_PARTS = 1000;

    /** All fields of a form around its files: room for some large texts, not for a thousand. */
    static final long MAX_ALL_TEXT_BYTES = 16L << 20;
}
