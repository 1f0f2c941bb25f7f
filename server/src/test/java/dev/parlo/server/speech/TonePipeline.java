package dev.parlo.server.speech;

import dev.parlo.engine.audio.AudioEncoders;
import java.nio.file.Path;
import java.util.List;

/** A pipeline whose one voice says tones, for tests of what speaks through it. */
public final class TonePipeline implements AutoCloseable {
    private final AudioEncoders encoders = new AudioEncoders(1);
    private final SpeechPipeline pipeline;

    /**
     * @param folder without aliases of voices
     */
    public TonePipeline(Path folder) {
        ModelPicker models =
                new ModelPicker(
                        (name, keepAlive) ->
                                new TextToSpeechModels.Lease(
                                        name, ToneServer.tones(), null, () -> {}),
                        (model, voice) -> List.of("tones"));
        VoiceAliases voices = VoiceAliases.open(folder.resolve("none.json"));
        pipeline = new SpeechPipeline(models, voices, true, SpeechLimits.NONE, encoders);
    }

    public SpeechPipeline pipeline() {
        return pipeline;
    }

    @Override
    public void close() {
        encoders.close();
    }
}
