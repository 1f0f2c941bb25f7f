package example;

import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpeechSummary;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.embed.SpeechEngines;
import java.io.IOException;
import java.nio.file.Path;

/** Speaks a text into a file: {@code Speak TEXT FILE.wav}. */
public final class Speak {
    private Speak() {}

    public static void main(String[] arguments) throws IOException {
        try (SpeechEngines engines = SpeechEngines.open();
                TextToSpeech voice = engines.espeak()) {
            SpeechSummary spoken =
                    engines.speak(
                            voice,
                            arguments[0],
                            SpeechOptions.of("en-us"),
                            Path.of(arguments[1]));
            System.out.println(spoken.seconds() + " s in " + arguments[1]);
        }
    }
}
