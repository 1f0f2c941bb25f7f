package dev.parlo.registry.cache;

import dev.parlo.registry.hub.CancelSignal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Checks bytes on disk against a blob's name: 64 hex digits are a sha256 (large files), 40 are the
 * sha1 git gives a blob, which also hashes the length. Other names say nothing about the content.
 */
final class BlobHash {
    private BlobHash() {}

    /** Whether the name is a hash at all. */
    static boolean isHash(String etag) {
        return etag.matches("[0-9a-f]{40}|[0-9a-f]{64}");
    }

    /**
     * The file's hash where it differs from the etag; empty where they agree or the etag is not a
     * hash.
     */
    static Optional<String> mismatch(Path file, String etag, CancelSignal signal)
            throws IOException {
        if (!isHash(etag)) {
            return Optional.empty();
        }
        MessageDigest digest = digest(etag.length() == 64 ? "SHA-256" : "SHA-1");
        if (etag.length() == 40) {
            digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        byte[] buffer = new byte[1 << 18];
        try (InputStream bytes = Files.newInputStream(file)) {
            for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
                signal.check();
                digest.update(buffer, 0, read);
            }
        }
        String actual = HexFormat.of().formatHex(digest.digest());
        return actual.equals(etag) ? Optional.empty() : Optional.of(actual);
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never); // every JDK has both
        }
    }
}
