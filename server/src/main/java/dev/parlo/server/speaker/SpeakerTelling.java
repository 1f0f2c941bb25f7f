package dev.parlo.server.speaker;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.audio.AudioSource;

/** Tells who speaks when in some audio. Thread-safe. */
@FunctionalInterface
public interface SpeakerTelling {
    /**
     * Blocks until the whole audio was heard.
     *
     * @throws dev.parlo.registry.RegistryException where a model that it needs is not here, with
     *     the command that installs it
     * @throws dev.parlo.engine.pool.PoolException for one that cannot be loaded now
     * @throws dev.parlo.engine.EngineException OVERLOADED; TOO_LARGE; CANCELLED; as the audio
     */
    Speakers tell(
            AudioSource audio, SpeakerOrder order, Priority priority, Cancellation cancellation);
}
