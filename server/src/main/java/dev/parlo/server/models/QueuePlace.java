package dev.parlo.server.models;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.admission.Priority;
import dev.parlo.registry.ModelTask;
import dev.parlo.server.http.MultipartForm;
import org.jspecify.annotations.Nullable;

/**
 * A request's place in the queue of its model. It is taken when the form tells the model, or when a
 * file begins before that: then the place is among the requests whose model is not known yet, and
 * is exchanged when it is. So no upload is spooled for a request that will be refused. Used by one
 * thread.
 */
public final class QueuePlace implements MultipartForm.PartListener, AutoCloseable {
    /** The name of the field, for routes that read a model's name from elsewhere. */
    public static final String MODEL = "model";

    private final ModelLeases models;
    private final ModelTask task;
    private final Cancellation cancellation;
    private ModelLeases.@Nullable Place place;
    private @Nullable String model;

    /**
     * @param task of the models that the route is for
     */
    public QueuePlace(ModelLeases models, ModelTask task, Cancellation cancellation) {
        this.models = models;
        this.task = task;
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
        if (place == null) {
            var unused = take(null);
        }
    }

    /** The place before the model that the whole form asks for. */
    public ModelLeases.Place of(String name, Priority priority) {
        ModelLeases.Place current = place;
        ModelLeases.Place mine = current == null || !name.equals(model) ? take(name) : current;
        return new ModelLeases.Place(mine.model(), mine.ticket().withPriority(priority));
    }

    private ModelLeases.Place take(@Nullable String name) {
        close(); // first: the new place may be in the same queue
        ModelLeases.Place taken = models.admit(name, task, Priority.BATCH, cancellation);
        place = taken;
        model = name;
        return taken;
    }

    @Override
    public void close() {
        if (place != null) {
            place.close();
        }
    }
}
