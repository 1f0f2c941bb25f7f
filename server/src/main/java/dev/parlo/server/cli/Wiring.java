package dev.parlo.server.cli;

import dev.parlo.engine.audio.AudioDecoder;
import dev.parlo.engine.audio.AudioLimits;
import dev.parlo.server.Settings;
import dev.parlo.server.audio.AudioOpener;
import dev.parlo.server.audio.DecodedAudio;
import dev.parlo.server.transcription.ComputeChoice;
import dev.parlo.server.transcription.SpeechToTextLoader;
import dev.parlo.server.transcription.WhisperLoader;
import java.util.function.Function;

/**
 * Creates what the commands run: the real engines, or those of a test.
 *
 * @param device what runs the models, and why, in words
 */
public record Wiring(
        Function<Settings, SpeechToTextLoader> speechToText,
        Function<Settings, AudioOpener> audio,
        Function<Settings, String> device) {

    /** The real engines. */
    public static Wiring real() {
        return new Wiring(
                WhisperLoader::new,
                settings -> new DecodedAudio(decoder(settings)),
                settings -> ComputeChoice.describe(settings.whisper()));
    }

    private static AudioDecoder decoder(Settings settings) {
        return new AudioDecoder(
                Runtime.getRuntime().availableProcessors(),
                new AudioLimits(
                        settings.limits().uploadBytes(), settings.limits().mostAudioSeconds()),
                settings.audio().gaps());
    }
}
