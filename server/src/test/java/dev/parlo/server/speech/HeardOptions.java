package dev.parlo.server.speech;

import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpeechSink;
import dev.parlo.engine.SpeechSummary;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.Voice;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.text.Script;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An engine that remembers the options with which it was last asked to speak. */
record HeardOptions(TextToSpeech engine, AtomicReference<@Nullable SpeechOptions> last)
        implements TextToSpeech {
    HeardOptions(TextToSpeech engine) {
        this(engine, new AtomicReference<>());
    }

    @Override
    public SpeechSummary speak(
            Script script, SpeechOptions options, SpeechSink sink, Ticket ticket) {
        last.set(options);
        return engine.speak(script, options, sink, ticket);
    }

    @Override
    public List<Voice> voices() {
        return engine.voices();
    }

    @Override
    public int sampleRate() {
        return engine.sampleRate();
    }

    @Override
    public void check(SpeechOptions options) {
        engine.check(options);
    }

    @Override
    public Admission admission() {
        return engine.admission();
    }

    @Override
    public long nativeBytes() {
        return engine.nativeBytes();
    }

    @Override
    public EngineFacts facts() {
        return engine.facts();
    }

    @Override
    public void close() {
        engine.close();
    }
}
