package dev.parlo.server.watchdog;

import dev.parlo.engine.steps.NativeSteps;

/**
 * A library that serves all models: those who wait for its step are told, and others have theirs on
 * other threads.
 *
 * @param replacing has it opened anew, where that can be done
 */
public record WatchedLibrary(String name, NativeSteps steps, Runnable replacing)
        implements Watchdog.Watched {
    @Override
    public void giveUp() {
        replacing.run();
    }
}
