package dev.parlo.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

@Tag("locale")
class JsonLinesTest {
    @Test
    void aLineIsOneObjectWithItsValuesByName() {
        LoggingEvent event = event("{} {}", null, "POST", "/a\n\"b\"");
        event.setKeyValuePairs(
                List.of(new KeyValuePair("status", 200), new KeyValuePair("rtf", 0.25)));
        JsonNode line = encoded(event);
        assertThat(line.get("message").asString()).isEqualTo("POST /a\n\"b\"");
        assertThat(line.get("level").asString()).isEqualTo("WARN");
        assertThat(line.get("time").asString()).endsWith("Z");
        assertThat(line.get("status").isInt()).isTrue();
        assertThat(line.get("rtf").asDouble()).isEqualTo(0.25);
        assertThat(line.has("error")).isFalse();
    }

    @Test
    void theValuesOfTheThreadAreThereUnlessTheLineHasItsOwn() {
        LoggingEvent event = event("done", null);
        event.setMDCPropertyMap(Map.of("request_id", "r-1", "status", "of the thread"));
        event.setKeyValuePairs(List.of(new KeyValuePair("status", 200)));
        JsonNode line = encoded(event);
        assertThat(line.get("request_id").asString()).isEqualTo("r-1");
        assertThat(line.get("status").asInt()).isEqualTo(200);
    }

    @Test
    void aFailureBringsItsStack() {
        JsonNode line = encoded(event("It failed", new IllegalStateException("because")));
        assertThat(line.get("error").asString()).contains("because").contains("JsonLinesTest");
    }

    private static LoggingEvent event(
            String message,
            @org.jspecify.annotations.Nullable Throwable failure,
            Object... arguments) {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        return new LoggingEvent(
                "none", context.getLogger("requests"), Level.WARN, message, failure, arguments);
    }

    private static JsonNode encoded(LoggingEvent event) {
        String text = new String(new JsonLines().encode(event), StandardCharsets.UTF_8);
        assertThat(text).endsWith("}\n");
        assertThat(text.indexOf('\n')).isEqualTo(text.length() - 1);
        return new ObjectMapper().readTree(text);
    }
}
