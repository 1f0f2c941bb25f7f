package dev.parlo.server.models;

import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.vad.VoiceActivityEngine;
import java.util.function.Supplier;

/**
 * An engine of any kind with what the pool lists of it. Thread-safe as its engine is.
 *
 * @param asked asks the engine what it says of itself
 */
public record LoadedModel(AutoCloseable engine, Supplier<EngineFacts> asked)
        implements AutoCloseable {
    public static LoadedModel of(SpeechToText engine) {
        return new LoadedModel(engine, engine::facts);
    }

    public static LoadedModel of(TextToSpeech engine) {
        return new LoadedModel(engine, engine::facts);
    }

    public static LoadedModel of(VoiceActivityEngine engine) {
        return new LoadedModel(engine, engine::facts);
    }

    EngineFacts facts() {
        return asked.get();
    }

    @Override
    public void close() throws Exception {
        engine.close();
    }
}
