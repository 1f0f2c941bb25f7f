package example;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.embed.SpeechEngines;
import java.nio.file.Path;

/** Prints what is said in a recording: {@code Transcribe MODEL RECORDING}. */
public final class Transcribe {
    private Transcribe() {}

    public static void main(String[] arguments) {
        try (SpeechEngines engines = SpeechEngines.open();
                SpeechToText whisper = engines.speechToText(Path.of(arguments[0]))) {
            Transcript transcript =
                    whisper.transcribe(
                            engines.audio(Path.of(arguments[1])),
                            TranscribeOptions.defaults(),
                            segment -> System.out.println(segment.start() + segment.text()),
                            new Cancellation());
            System.out.println(transcript.durationSeconds() + " s of " + transcript.language());
        }
    }
}
