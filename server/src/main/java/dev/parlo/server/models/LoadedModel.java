package dev.parlo.server.models;

import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.pool.EngineFacts;
import java.util.function.LongSupplier;

/**
 * An engine of any kind with what the pool lists of it. Thread-safe as its engine is.
 *
 * @param description device and compute type in words, such as {@code cpu int8}
 */
public record LoadedModel(AutoCloseable engine, LongSupplier nativeBytes, String description)
        implements AutoCloseable {
    public static LoadedModel of(SpeechToText engine) {
        return new LoadedModel(engine, engine::nativeBytes, engine.description());
    }

    public static LoadedModel of(TextToSpeech engine) {
        return new LoadedModel(engine, engine::nativeBytes, engine.description());
    }

    EngineFacts facts() {
        int blank = description.indexOf(' ');
        return new EngineFacts(
                Math.max(0, nativeBytes.getAsLong()),
                blank < 0 ? description : description.substring(0, blank),
                blank < 0 ? "" : description.substring(blank + 1));
    }

    @Override
    public void close() throws Exception {
        engine.close();
    }
}
