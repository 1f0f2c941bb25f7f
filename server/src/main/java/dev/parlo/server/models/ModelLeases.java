package dev.parlo.server.models;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.registry.ModelTask;
import dev.parlo.server.trace.Traces;
import org.jspecify.annotations.Nullable;

/** Lends the engines of models of any kind. Thread-safe. */
public interface ModelLeases {
    /**
     * Takes a place in the queue of a model; does not wait, load or download. Asked before an
     * upload is read, so that a request which cannot be answered costs nothing.
     *
     * @param name a model id or an alias, as the client wrote it; null where it is not known yet
     * @throws dev.parlo.engine.EngineException of category OVERLOADED when the queue is full
     */
    Place admit(
            @Nullable String name, ModelTask task, Priority priority, Cancellation cancellation);

    /**
     * Borrows the engine of a model, loading it where it is not loaded.
     *
     * @param place of the request in the model's queue; its cancellation ends the waiting
     * @param type the interface of the task's engines
     * @param keepAlive how long the engine stays loaded afterwards; null for what is set
     * @throws dev.parlo.registry.RegistryException for a model that is not here or of another task
     * @throws dev.parlo.engine.pool.PoolException for one that cannot be loaded now
     * @throws dev.parlo.engine.EngineException OVERLOADED where the place is in another queue, and
     *     that of the model is full; CANCELLED
     */
    <T> Leased<T> lease(Place place, ModelTask task, Class<T> type, @Nullable KeepAlive keepAlive);

    /** Follows the requests that take places here. */
    default Traces traces() {
        return Traces.NONE;
    }

    /**
     * Borrows an engine for work that takes its turns by itself, such as one for each text of a
     * conversation: the request has a place in the model's queue only while it waits for the load.
     *
     * @param name a model id or an alias
     * @throws RuntimeException as {@link #lease}
     */
    default <T> Leased<T> borrow(
            String name,
            ModelTask task,
            Class<T> type,
            @Nullable KeepAlive keepAlive,
            Cancellation cancellation) {
        try (Place waiting = admit(name, task, Priority.INTERACTIVE, cancellation)) {
            Leased<T> lease = lease(waiting, task, type, keepAlive);
            lease.ticket().close();
            return lease;
        }
    }

    /**
     * A request's place in the queue of a model. Closing gives it back; twice is harmless.
     *
     * @param model its id, where the name was that of an installed model, so that an alias is
     *     looked up once; else the name; "" where none is known yet
     */
    record Place(String model, Ticket ticket) implements AutoCloseable {
        @Override
        public void close() {
            ticket.close();
        }
    }

    /**
     * One borrowed use of an engine. Closing gives it back, and the request's place; twice is
     * harmless.
     *
     * @param modelId aliases resolved
     * @param ticket the place in this engine's queue
     * @param release gives the engine back
     */
    record Leased<T>(String modelId, T engine, Ticket ticket, Runnable release)
            implements AutoCloseable {
        @Override
        public void close() {
            release.run();
            ticket.close();
        }
    }
}
