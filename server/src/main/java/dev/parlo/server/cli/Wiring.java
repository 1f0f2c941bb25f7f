package dev.parlo.server.cli;

import dev.parlo.engine.audio.AudioDecoder;
import dev.parlo.engine.audio.AudioLimits;
import dev.parlo.server.Settings;
import dev.parlo.server.audio.AudioOpener;
import dev.parlo.server.audio.DecodedAudio;
import dev.parlo.server.device.Devices;
import dev.parlo.server.device.GpuLookup;
import dev.parlo.server.transcription.SpeechToTextLoader;
import dev.parlo.server.transcription.WhisperLoader;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Creates what the commands run: the real engines, or those of a test.
 *
 * @param devices chooses what models are computed on
 */
public record Wiring(
        Function<Settings, Devices> devices,
        BiFunction<Settings, Devices, SpeechToTextLoader> speechToText,
        Function<Settings, AudioOpener> audio) {

    /** The real engines. */
    public static Wiring real() {
        return new Wiring(
                settings -> Devices.choose(settings, () -> GpuLookup.look(settings.gpu())),
                WhisperLoader::new,
                settings -> new DecodedAudio(decoder(settings)));
    }

    private static AudioDecoder decoder(Settings settings) {
        return new AudioDecoder(
                Runtime.getRuntime().availableProcessors(),
                new AudioLimits(
                        settings.limits().uploadBytes(), settings.limits().mostAudioSeconds()),
                settings.audio().gaps());
    }
}
