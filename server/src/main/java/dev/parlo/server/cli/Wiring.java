package dev.parlo.server.cli;

import dev.parlo.server.Settings;
import dev.parlo.server.models.SpeechToTextLoader;
import dev.parlo.server.transcription.AudioOpener;
import java.util.function.Function;

/**
 * How commands come by what they run.
 *
 * @param device what runs the models, and why, in words
 */
public record Wiring(
        Function<Settings, SpeechToTextLoader> speechToText,
        Function<Settings, AudioOpener> audio,
        Function<Settings, String> device) {}
