package dev.parlo.engine.vad;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.worker.GivingWay;
import org.junit.jupiter.api.Test;

class VoiceActivityEngineTest {
    @Test
    void findingTheSpeechOfAFileGivesWayToClips() {
        Admission admission = new Admission(1, 1);
        try (VoiceActivityEngine engine =
                        new VoiceActivityEngine(new LoudnessDetector(), admission);
                Ticket ticket = admission.enter(Priority.BATCH, new Cancellation())) {
            GivingWay.check(
                    admission.urgency(),
                    audio ->
                            assertThat(
                                            engine.listen(audio, VadOptions.TIMESTAMPS, ticket)
                                                    .durationSeconds())
                                    .isEqualTo(70));
        }
    }
}
