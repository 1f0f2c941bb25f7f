package dev.parlo.server.transcription;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.server.http.MultipartForm;
import org.jspecify.annotations.Nullable;

/**
 * A request's place in the queue of its model. It is taken when the form tells the model, or when a
 * file begins before that: then the place is among the requests whose model is not known yet, and
 * is exchanged when it is. So no upload is spooled for a request that nobody will answer. Used by
 * one thread.
 */
final class QueuePlace implements MultipartForm.PartListener, AutoCloseable {
    private static final String MODEL = "model";

    private final SpeechToTextModels models;
    private final Cancellation cancellation;
    private @Nullable Ticket ticket;
    private @Nullable String model;

    QueuePlace(SpeechToTextModels models, Cancellation cancellation) {
        this.models = models;
        this.cancellation = cancellation;
    }

    @Override
    public void text(String name, String value) {
        if (name.equals(MODEL) && !value.isEmpty() && !value.equals(model)) {
            var unused = take(value);
        }
    }

    @Override
    public void file(String name) {
        if (ticket == null) {
            var unused = take(null);
        }
    }

    /** The place before the model that the whole form asks for. */
    Ticket of(String name, Priority priority) {
        Ticket current = ticket;
        return (current == null || !name.equals(model) ? take(name) : current)
                .withPriority(priority);
    }

    private Ticket take(@Nullable String name) {
        close(); // first: the new place may be in the same queue
        Ticket taken = models.admit(name, Priority.BATCH, cancellation);
        ticket = taken;
        model = name;
        return taken;
    }

    @Override
    public void close() {
        if (ticket != null) {
            ticket.close();
        }
    }
}
