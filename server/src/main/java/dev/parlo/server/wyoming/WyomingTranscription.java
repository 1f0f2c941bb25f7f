package dev.parlo.server.wyoming;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.Segment;
import dev.parlo.engine.audio.UploadSpool;
import dev.parlo.server.transcription.SpokenText;
import java.io.IOException;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/** One recording on its way to text, which is sent segment by segment and whole. One thread. */
final class WyomingTranscription {
    private final SpokenText spokenText;
    private final UnaryOperator<String> models;
    private final ObjectNode asked;
    private final EventWriter out;
    private final Cancellation cancellation;
    private String modelId = "";
    private double seconds;

    /**
     * @param models the installed model that answers to a name; an empty one is any
     * @param asked the data of {@code transcribe}; empty where it did not come
     */
    WyomingTranscription(
            SpokenText spokenText,
            UnaryOperator<String> models,
            ObjectNode asked,
            EventWriter out,
            Cancellation cancellation) {
        this.spokenText = spokenText;
        this.models = models;
        this.asked = asked;
        this.out = out;
        this.cancellation = cancellation;
    }

    /**
     * Transcribes a recording; blocks until all was sent.
     *
     * @param empty whether there is no sound in it
     * @throws IOException when the client is gone
     */
    void run(UploadSpool.Upload recording, boolean empty) throws IOException {
        String language = asked.path("language").asString("");
        out.send(Event.of("transcript-start"));
        String text = "";
        if (!empty) {
            modelId = models.apply(asked.path("name").asString(""));
            text =
                    spokenText.of(
                            recording, modelId, SpokenText.job(language), this::send, cancellation);
        }
        Event transcript = Event.of("transcript").with("text", text);
        out.send(language.isEmpty() ? transcript : transcript.with("language", language));
        out.send(Event.of("transcript-stop"));
    }

    private void send(Segment segment) {
        seconds = segment.end();
        try {
            out.send(Event.of("transcript-chunk").with("text", segment.text()));
        } catch (IOException gone) {
            throw new EngineException(
                    EngineException.Category.CANCELLED, "The client went away.", gone);
        }
    }

    /** What heard it, for the log; empty where nothing did. */
    String modelId() {
        return modelId;
    }

    /** Where its last segment ends. */
    double seconds() {
        return seconds;
    }
}
