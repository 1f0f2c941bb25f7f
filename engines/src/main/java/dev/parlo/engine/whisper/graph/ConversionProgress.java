package dev.parlo.engine.whisper.graph;

import dev.parlo.engine.Cancellation;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs how far the first conversion of a checkpoint has come, every tenth of the way, and ends it
 * when the load is cancelled. Not thread-safe.
 */
final class ConversionProgress implements LongConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(ConversionProgress.class);

    private final String model;
    private final String label;
    private final long expected;
    private final Cancellation cancellation;
    private long written;
    private long reported;

    /**
     * @param expected bytes in all, about
     */
    ConversionProgress(String model, String label, long expected, Cancellation cancellation) {
        this.model = model;
        this.label = label;
        this.expected = Math.max(1, expected);
        this.cancellation = cancellation;
        LOG.info("Converting '{}' to {}, about {} MB, once", model, label, expected >> 20);
    }

    @Override
    public void accept(long bytes) {
        cancellation.check();
        written += bytes;
        long tenth = Math.min(10, 10 * written / expected);
        if (tenth > reported) {
            reported = tenth;
            LOG.info("Converting '{}' to {}: {} %", model, label, 10 * tenth);
        }
    }
}
