package dev.parlo.server.speech;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpeechSink;
import dev.parlo.engine.SpeechSummary;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.AudioEncoder;
import dev.parlo.engine.audio.AudioEncoders;
import dev.parlo.engine.audio.AudioTarget;
import dev.parlo.engine.text.Script;
import dev.parlo.engine.text.TextMarkup;
import dev.parlo.server.http.MemoryBudget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Texts in, one stream of encoded audio out: any number of texts, spoken one after the other by one
 * voice of one model, which is borrowed until this is closed. Used by one thread.
 */
public final class SpeechStream implements AutoCloseable {
    private final TextToSpeechModels.Lease lease;
    private final AudioEncoders encoders;
    private final AudioTarget target;
    private final SpeechLimits limits;
    private final TextMarkup markup;
    private final Function<Script, SpeechOptions> options;
    private final int inputRate;
    private final Map<String, String> notes;
    private final Cancellation cancellation;
    private final EngineObserver own;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private @Nullable AudioEncoder encoder;
    private long samples;
    private long characters;
    private double silence;

    /**
     * @param limits of all texts together
     * @param markup what the texts may hold beside words
     * @param own is told what is done for this stream alone
     * @param options how a text is to be spoken; the voices that are named in it are found
     */
    SpeechStream(
            TextToSpeechModels.Lease lease,
            AudioEncoders encoders,
            AudioTarget target,
            SpeechLimits limits,
            TextMarkup markup,
            Function<Script, SpeechOptions> options,
            Map<String, String> notes,
            Cancellation cancellation,
            EngineObserver own) {
        this.lease = lease;
        this.encoders = encoders;
        this.target = target;
        this.limits = limits;
        this.markup = markup;
        this.options = options;
        this.inputRate = lease.engine().sampleRate();
        this.notes = Map.copyOf(notes);
        this.cancellation = cancellation;
        this.own = own;
    }

    /** The model that answers. */
    public String modelId() {
        return lease.modelId();
    }

    /** What differs from the order, as response headers. */
    public Map<String, String> notes() {
        return new LinkedHashMap<>(notes);
    }

    /** Samples per second of the encoded audio. */
    public int sampleRate() {
        return target.format().sampleRate(target.sampleRate());
    }

    /** Seconds spoken so far. */
    public double seconds() {
        return (double) samples / inputRate;
    }

    /** A text for this stream, as {@link SpeechPipeline#script}. */
    public Script script(String text) {
        return limits.script(text, markup);
    }

    /**
     * Speaks a text; blocks until the sink has taken its last piece.
     *
     * @throws dev.parlo.server.http.ApiError 413 or 422 when the texts of this stream together are
     *     more than is spoken in one request
     * @throws dev.parlo.engine.EngineException as {@link TextToSpeech#speak}
     */
    public SpeechSummary speak(Script script, Consumer<SpokenPiece> sink) {
        count(script);
        long before = samples;
        return speak(
                script,
                options.apply(script),
                chunk -> {
                    double start = (double) (samples - before) / inputRate;
                    int length = chunk.samples().length;
                    samples += length;
                    sink.accept(
                            new SpokenPiece(
                                    encode(chunk.samples()),
                                    chunk.words(),
                                    chunk.said(),
                                    chunk.marks(),
                                    start,
                                    (double) length / inputRate));
                });
    }

    private SpeechSummary speak(Script script, SpeechOptions how, SpeechSink sink) {
        TextToSpeech engine = lease.engine();
        try (Ticket place = engine.admission().enter(Priority.INTERACTIVE, cancellation)) {
            return engine.speak(script, how, sink, place.withObserver(own));
        }
    }

    private void count(Script script) {
        characters += script.source().length();
        silence += script.silence();
        limits.checkLength(characters);
        limits.checkSilence(silence);
    }

    /** The bytes that the codec held back; nothing can be spoken afterwards. */
    public byte[] finish() {
        AudioEncoder open = encoder;
        if (open == null) {
            return new byte[0];
        }
        try {
            open.finish();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return take();
    }

    /**
     * Speaks a text as one complete file, whose header tells its length.
     *
     * @param memory of the request, for what is kept until the file is complete
     */
    public SpokenPiece whole(Script script, MemoryBudget.Share memory) {
        count(script);
        try (WholeAudio audio = new WholeAudio(encoders, target, inputRate, memory)) {
            SpeechSummary summary = speak(script, options.apply(script).withWhole(true), audio);
            samples += summary.samples();
            return new SpokenPiece(
                    audio.finish(), audio.words(), List.of(), audio.marks(), 0, summary.seconds());
        }
    }

    private byte[] encode(float[] chunk) {
        try {
            AudioEncoder open = encoder;
            if (open == null) {
                open = encoders.open(target, inputRate, bytes);
                encoder = open;
            }
            open.write(chunk, chunk.length);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return take();
    }

    private byte[] take() {
        byte[] ready = bytes.toByteArray();
        bytes.reset();
        return ready;
    }

    @Override
    public void close() {
        if (encoder != null) {
            encoder.close();
        }
        lease.close();
    }
}
