package dev.parlo.server.speaker;

import dev.parlo.engine.speaker.DiarizationOptions;
import org.jspecify.annotations.Nullable;

/**
 * How speakers are to be told.
 *
 * @param model that segments; null for an installed one
 * @param embeddingModel that embeds voices; null for an installed one
 */
public record SpeakerOrder(
        DiarizationOptions options,
        VoiceReferences references,
        @Nullable String model,
        @Nullable String embeddingModel) {}
