package dev.parlo.spark;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A recording of the archive.
 *
 * @param key tells it from every other, and from itself after its file was changed
 * @param address where it is: of a file system that Hadoop knows, or of the web
 * @param bytes of its file; 0 where that is not known yet
 */
record Recording(String key, String address, long bytes) implements Serializable {
    /** A file as it is listed. */
    static Recording file(String address, long bytes, long modified) {
        return new Recording(key(address + '\n' + bytes + '\n' + modified), address, bytes);
    }

    /** One of which nothing but its address is known. */
    static Recording named(String address) {
        return new Recording(key(address), address, 0);
    }

    boolean onTheWeb() {
        return isWeb(address);
    }

    static boolean isWeb(String address) {
        return address.regionMatches(true, 0, "http://", 0, 7)
                || address.regionMatches(true, 0, "https://", 0, 8);
    }

    private static String key(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // every Java has it
        }
    }
}
