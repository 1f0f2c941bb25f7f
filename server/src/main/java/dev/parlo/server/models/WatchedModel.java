package dev.parlo.server.models;

import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.registry.ModelId;
import dev.parlo.server.watchdog.Watchdog;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a watchdog looks at of one model; of the engine that is or was loaded behind one queue.
 *
 * @param replacing has the next request be served by another engine
 */
record WatchedModel(ModelId id, Admission admission, Consumer<WatchedModel> replacing)
        implements Watchdog.Watched {
    @Override
    public String name() {
        return id.toString();
    }

    @Override
    public NativeSteps steps() {
        return admission.steps();
    }

    @Override
    public List<String> requests() {
        return admission.computing();
    }

    @Override
    public void giveUp() {
        replacing.accept(this);
    }
}
