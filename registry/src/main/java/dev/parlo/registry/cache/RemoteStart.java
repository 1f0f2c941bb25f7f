package dev.parlo.registry.cache;

import dev.parlo.registry.FileStart;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.hub.CancelSignal;
import dev.parlo.registry.hub.HubClient;
import dev.parlo.registry.hub.HubModel;

/**
 * Reads the beginning of a repository's files from the Hub, so that a repository is recognised
 * there by the rule that holds on disk.
 *
 * @param id the repository as the caller names it
 */
record RemoteStart(HubClient hub, ModelId id, HubModel model, CancelSignal signal)
        implements FileStart {
    @Override
    public byte[] read(String file, int most) {
        return hub.start(id, model.commit(), file, most, signal);
    }
}
