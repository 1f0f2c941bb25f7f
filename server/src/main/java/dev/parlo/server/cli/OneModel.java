package dev.parlo.server.cli;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.registry.ModelTask;
import dev.parlo.server.models.ModelLeases;
import org.jspecify.annotations.Nullable;

/**
 * The one engine of a command, whatever name is asked for.
 *
 * @param name as the user gave it
 */
record OneModel(String name, SpeechToText engine) implements ModelLeases {
    @Override
    public Place admit(
            @Nullable String any, ModelTask task, Priority priority, Cancellation cancellation) {
        return new Place(name, engine.admission().enter(priority, cancellation));
    }

    @Override
    public <T> Leased<T> lease(
            Place place, ModelTask task, Class<T> type, @Nullable KeepAlive keepAlive) {
        return new Leased<>(name, type.cast(engine), place.ticket(), () -> {});
    }
}
