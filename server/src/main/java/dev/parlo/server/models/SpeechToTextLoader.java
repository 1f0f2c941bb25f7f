package dev.parlo.server.models;

import dev.parlo.engine.SpeechToText;
import java.nio.file.Path;

/**
 * Loads the engine of a transcription model from its directory, or from its file where one
 * directory holds several checkpoints. Thread-safe.
 */
@FunctionalInterface
public interface SpeechToTextLoader {
    /**
     * @throws dev.parlo.engine.EngineException of category BAD_MODEL
     */
    SpeechToText load(Path directory);
}
