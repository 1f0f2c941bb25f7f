package dev.parlo.server.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One JSON object a line: {@code time} (ISO 8601, UTC), {@code level}, {@code logger}, {@code
 * message}, then the values of the line by their own names, as numbers where they are numbers,
 * those of its thread ({@code request_id}, {@code trace_id}, {@code span_id}), and {@code error}
 * with the stack of a failure.
 */
public final class JsonLines extends EncoderBase<ILoggingEvent> {
    private final ObjectMapper json = new ObjectMapper();

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        ObjectNode line = json.createObjectNode();
        line.put("time", event.getInstant().toString());
        line.put("level", event.getLevel().toString());
        line.put("logger", event.getLoggerName());
        line.put("message", event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                line.set(pair.key, json.valueToTree(pair.value));
            }
        }
        // A line that has a value of that name keeps its own.
        event.getMDCPropertyMap()
                .forEach((name, value) -> {
                    if (!line.has(name)) {
                        line.put(name, value);
                    }
                });
        IThrowableProxy failure = event.getThrowableProxy();
        if (failure != null) {
            line.put("error", ThrowableProxyUtil.asString(failure));
        }
        return (json.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
