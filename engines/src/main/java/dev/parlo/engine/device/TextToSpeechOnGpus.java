package dev.parlo.engine.device;

import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Placement;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpeechSink;
import dev.parlo.engine.SpeechSummary;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.Voice;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.text.Script;
import java.util.List;
import java.util.function.BiFunction;

/** A speech model on one or several GPUs. Thread-safe. */
public final class TextToSpeechOnGpus implements TextToSpeech {
    private final GpuMembers<TextToSpeech> members;
    private final Admission admission;

    private TextToSpeechOnGpus(GpuMembers<TextToSpeech> members, Admission admission) {
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
    public static TextToSpeechOnGpus open(
            List<Placement.Cuda> gpus,
            GpuHealth health,
            Admission admission,
            BiFunction<Placement.Cuda, Admission, TextToSpeech> loading) {
        return new TextToSpeechOnGpus(
                GpuMembers.open(
                        gpus, health, gpu -> loading.apply(gpu, GpuMembers.queue(gpus, admission))),
                admission);
    }

    /** The engine itself, for what only one kind of it can do: any of those on GPUs. */
    public static TextToSpeech member(TextToSpeech engine) {
        return engine instanceof TextToSpeechOnGpus several ? several.members.first() : engine;
    }

    @Override
    public Admission admission() {
        return admission;
    }

    @Override
    public List<Voice> voices() {
        return members.first().voices();
    }

    @Override
    public int sampleRate() {
        return members.first().sampleRate();
    }

    @Override
    public void check(SpeechOptions options) {
        members.first().check(options);
    }

    @Override
    public SpeechSummary speak(
            Script script, SpeechOptions options, SpeechSink sink, Ticket ticket) {
        return members.run(
                ticket,
                TextToSpeech::admission,
                (engine, own) -> engine.speak(script, options, sink, own));
    }

    @Override
    public long nativeBytes() {
        return members.all().stream().mapToLong(TextToSpeech::nativeBytes).sum();
    }

    @Override
    public EngineFacts facts() {
        return members.facts(TextToSpeech::facts);
    }

    @Override
    public void close() {
        members.close();
    }
}
