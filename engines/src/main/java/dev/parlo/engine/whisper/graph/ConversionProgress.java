package dev.parlo.engine.whisper.graph;

import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs how far the first conversion of a checkpoint has come, every tenth of the way. Not
 * thread-safe.
 */
final class ConversionProgress implements LongConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(ConversionProgress.class);

    private final String model;
    private final String label;
    private final long expected;
    private long written;
    private long reported;

    /**
     * @param expected bytes in all, about
     */
    ConversionProgress(String model, String label, long expected) {
        this.model = model;
        this.label = label;
        this.expected = Math.max(1, expected);
        LOG.info("Converting '{}' to {}, about {} MB, once", model, label, expected >> 20);
    }

    @Override
    public void accept(long bytes) {
        written += bytes;
        long tenth = Math.min(10, 10 * written / expected);
        if (tenth > reported) {
            reported = tenth;
            LOG.info("Converting '{}' to {}: {} %", model, label, 10 * tenth);
        }
    }
}
