package example;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.embed.SpeechEngines;
import java.nio.file.Path;

/** Takes speech chunk by chunk, while it is made: {@code Stream MODEL VOICE TEXT}. */
public final class Stream {
    private Stream() {}

    public static void main(String[] arguments) {
        try (SpeechEngines engines = SpeechEngines.builder().threads(2).open();
                TextToSpeech model = engines.textToSpeech(Path.of(arguments[0]))) {
            model.speak(
                    arguments[2],
                    SpeechOptions.of(arguments[1]),
                    chunk -> System.out.println(chunk.samples().length + " samples"),
                    new Cancellation());
        }
    }
}
