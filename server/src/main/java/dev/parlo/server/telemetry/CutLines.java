package dev.parlo.server.telemetry;

import java.util.logging.LogRecord;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * What the SDK logs, in the server's own log. It logs few lines a minute of a collector that fails,
 * but they hold what the collector answered, whatever that is.
 */
final class CutLines extends SLF4JBridgeHandler {
    private static final int LONGEST = 500;

    @Override
    public void publish(LogRecord line) {
        String message = line.getMessage();
        if (message != null) {
            String text = message.replaceAll("\\p{Cntrl}+", " ");
            line.setMessage(text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text);
        }
        super.publish(line);
    }
}
