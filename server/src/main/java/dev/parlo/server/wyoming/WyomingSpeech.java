package dev.parlo.server.wyoming;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.engine.text.Script;
import dev.parlo.server.speech.SpeechOrder;
import dev.parlo.server.speech.SpeechPipeline;
import dev.parlo.server.speech.SpeechStream;
import dev.parlo.server.speech.SpokenPiece;
import dev.parlo.server.speech.SpokenReply;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One text on its way to speech, whole or piece by piece. All of its audio has one format: clients
 * write one head for a stream. Pieces are added by one thread, audio is sent by another.
 */
final class WyomingSpeech implements AutoCloseable {
    private static final PcmFormat FORMAT = new PcmFormat(24_000, 2, 1);
    private static final int CHUNK_BYTES = 2 * 1024;

    private final SpeechPipeline pipeline;
    private final SpeechOrder order;
    private final EventWriter out;
    private final Cancellation cancellation;
    private final @Nullable SpokenReply reply;

    /** SSML is not spoken before it is whole. */
    private final StringBuilder document = new StringBuilder();

    private boolean started;
    private long bytes;

    private WyomingSpeech(
            SpeechPipeline pipeline,
            SpeechOrder order,
            EventWriter out,
            Cancellation cancellation) {
        this.pipeline = pipeline;
        this.order = order;
        this.out = out;
        this.cancellation = cancellation;
        this.reply =
                order.ssml() ? null : SpokenReply.start(pipeline, order, cancellation, this::send);
    }

    /**
     * Begins to speak.
     *
     * @param asked the data of {@code synthesize} or {@code synthesize-start}
     */
    static WyomingSpeech start(
            SpeechPipeline pipeline,
            WyomingVoices voices,
            ObjectNode asked,
            EventWriter out,
            Cancellation cancellation) {
        JsonNode voice = asked.path("voice");
        SpeechOrder order =
                voices.find(voice.path("name").asString(""), voice.path("language").asString(""))
                        .map(found -> SpeechOrder.of(found.model(), found.id(), AudioFormat.PCM))
                        .orElseGet(() -> SpeechOrder.of(null, null, AudioFormat.PCM))
                        .withSampleRate(FORMAT.rate())
                        .withSsml(asked.path("text_format").asString("").equals("ssml"));
        return new WyomingSpeech(pipeline, order, out, cancellation);
    }

    void add(String text) {
        if (reply == null) {
            document.append(text);
        } else {
            reply.add(text);
        }
    }

    /**
     * The text is whole: waits until its audio was sent.
     *
     * @param always whether a text without sound has a beginning and an end
     * @throws IOException when the client is gone
     */
    void finish(boolean always) throws IOException {
        if (reply == null) {
            document();
        } else {
            reply.finish();
        }
        if (always) {
            begin();
        }
        if (started) {
            out.send(Event.of("audio-stop"));
        }
    }

    /** What was spoken, for the log. */
    String modelId() {
        return reply == null ? "" : reply.modelId();
    }

    double seconds() {
        return (double) bytes / (FORMAT.rate() * FORMAT.width());
    }

    private void document() {
        try (SpeechStream speech = pipeline.open(order, cancellation)) {
            Script script = speech.script(document.toString());
            if (script.sounds()) {
                var unused = speech.speak(script, this::send);
            }
        }
    }

    private void begin() throws IOException {
        if (!started) {
            started = true;
            out.send(new Event("audio-start", FORMAT.data(), new byte[0]));
        }
    }

    private void send(SpokenPiece piece) {
        byte[] audio = piece.audio();
        try {
            for (int from = 0; from < audio.length; from += CHUNK_BYTES) {
                begin();
                cancellation.check();
                int to = Math.min(audio.length, from + CHUNK_BYTES);
                out.send(
                        new Event(
                                "audio-chunk", FORMAT.data(), Arrays.copyOfRange(audio, from, to)));
                bytes += to - from;
            }
        } catch (IOException gone) {
            throw new EngineException(
                    EngineException.Category.CANCELLED, "The client went away.", gone);
        }
    }

    @Override
    public void close() {
        if (reply != null) {
            reply.close();
        }
    }
}
