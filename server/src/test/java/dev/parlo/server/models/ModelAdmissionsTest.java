package dev.parlo.server.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.admission.Admission;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelCard;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ModelAdmissionsTest {
    private final ModelAdmissions admissions =
            new ModelAdmissions(
                    family -> new QueueLimits(1, 8, Duration.ZERO), model -> EngineObserver.NONE);

    private Admission of(String name, ModelFamily family) {
        ModelId id = ModelId.parse(name);
        ModelCard card =
                new ModelCard(id, family, null, Instant.EPOCH, List.of(), 0, 0, false, null);
        return admissions.of(
                new InstalledModel(
                        id,
                        family,
                        Path.of(""),
                        InstalledModel.Origin.CACHE,
                        "main",
                        card,
                        new TreeMap<>()));
    }

    @Test
    void aClipOfOneModelIsFeltByWhatReadsFilesForAnyOther() {
        Admission whisper = of("a/whisper", ModelFamily.WHISPER_CT2);
        Admission voices = of("a/voices", ModelFamily.SPEAKER_EMBEDDING);
        assertThat(voices).isNotSameAs(whisper);
        assertThat(voices.urgency()).isSameAs(whisper.urgency());
    }
}
