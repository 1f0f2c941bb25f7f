package dev.parlo.engine.device;

import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Placement;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.AudioSource;
import java.util.List;
import java.util.function.BiFunction;

/** A transcription model on one or several GPUs. Thread-safe. */
public final class SpeechToTextOnGpus implements SpeechToText {
    private final GpuMembers<SpeechToText> members;
    private final Admission admission;

    private SpeechToTextOnGpus(GpuMembers<SpeechToText> members, Admission admission) {
        this.members = members;
        this.admission = admission;
    }

    /**
     * Loads the model on each GPU.
     *
     * @param admission the queue before all of them, in which requests wait already
     * @param loading with the queue before the engine of one GPU
     * @throws dev.parlo.engine.EngineException of category DEVICE_LOST when every GPU has failed,
     *     or what the loading throws
     */
    public static SpeechToTextOnGpus open(
            List<Placement.Cuda> gpus,
            GpuHealth health,
            Admission admission,
            BiFunction<Placement.Cuda, Admission, SpeechToText> loading) {
        return new SpeechToTextOnGpus(
                GpuMembers.open(
                        gpus, health, gpu -> loading.apply(gpu, GpuMembers.queue(gpus, admission))),
                admission);
    }

    @Override
    public Admission admission() {
        return admission;
    }

    @Override
    public Transcript transcribe(
            AudioSource audio, TranscribeOptions options, SegmentSink sink, Ticket ticket) {
        return members.run(
                ticket,
                SpeechToText::admission,
                (engine, own) -> engine.transcribe(audio, options, sink, own));
    }

    @Override
    public boolean batches() {
        return members.first().batches();
    }

    @Override
    public List<String> languages() {
        return members.first().languages();
    }

    @Override
    public boolean multilingual() {
        return members.first().multilingual();
    }

    @Override
    public long nativeBytes() {
        return members.all().stream().mapToLong(SpeechToText::nativeBytes).sum();
    }

    @Override
    public EngineFacts facts() {
        return members.facts(SpeechToText::facts);
    }

    @Override
    public void close() {
        members.close();
    }
}
