package dev.parlo.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.speaker.SpeakerTurn;
import dev.parlo.engine.speaker.TinySpeakerModels;
import dev.parlo.engine.speaker.ToneVoices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnginesTest {
    @TempDir Path folder;

    @Test
    void speakersOfAFileAreToldWithTheirTimes() throws IOException {
        TinySpeakerModels.segmentation(folder.resolve("segmentation.onnx"));
        TinySpeakerModels.embedding(folder.resolve("embedding.onnx"));
        List<SpeakerTurn> truth =
                List.of(
                        new SpeakerTurn(1, 6, 1),
                        new SpeakerTurn(7, 12, 0),
                        new SpeakerTurn(13, 18, 1));
        Path file = folder.resolve("talk.wav");
        Files.write(file, ToneVoices.wav(ToneVoices.recording(20, truth)));
        ArchiveOptions options =
                ArchiveOptions.builder("/model")
                        .speakers(
                                new ArchiveOptions.SpeakerModels(
                                        folder.resolve("segmentation.onnx").toString(),
                                        folder.resolve("embedding.onnx").toString()))
                        .build();

        try (Engines engines = new Engines(options, 1, 1)) {
            List<Survey.Turn> turns = engines.turns(engines.audio(file), new Cancellation());

            assertThat(turns)
                    .extracting(Survey.Turn::speaker)
                    .containsExactly("SPEAKER_00", "SPEAKER_01", "SPEAKER_00");
            assertThat(turns.get(1).start()).isCloseTo(7, within(0.1));
            assertThat(turns.get(1).end()).isCloseTo(12, within(0.1));
        }
    }
}
