package dev.parlo.engine.onnx;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folders that ONNX Runtime's Java API makes among the temporary files while it is loaded. A
 * process that is ended within that moment leaves an empty one.
 */
public final class OnnxLeftovers {
    private static final Logger LOG = LoggerFactory.getLogger(OnnxLeftovers.class);

    /** A younger one may be another process', which is just starting. */
    private static final Duration YOUNG = Duration.ofMinutes(10);

    private OnnxLeftovers() {}

    /** Removes what earlier processes left, as far as this user may. */
    public static void removeFrom(Path temporary) {
        Instant young = Instant.now().minus(YOUNG);
        try (DirectoryStream<Path> folders =
                Files.newDirectoryStream(temporary, "onnxruntime-java*")) {
            for (Path folder : folders) {
                if (Files.getLastModifiedTime(folder).toInstant().isBefore(young)) {
                    removeEmpty(folder);
                }
            }
        } catch (IOException | RuntimeException unreadable) {
            LOG.debug("{} cannot be read", temporary, unreadable);
        }
    }

    private static void removeEmpty(Path folder) {
        try {
            Files.delete(folder);
        } catch (IOException kept) {
            // it holds something, or is another user's
            LOG.debug("{} stays", folder, kept);
        }
    }
}
