package dev.parlo.registry.cache;

import dev.parlo.registry.FileStart;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.hub.CancelSignal;
import dev.parlo.registry.hub.HubClient;
import dev.parlo.registry.hub.HubModel;
import dev.parlo.registry.hub.RemoteFile;
import java.io.IOException;
import java.util.List;

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
        RemoteFile remote = hub.describe(id, model, List.of(file), 1, signal).getFirst();
        int length = (int) Math.min(most, remote.size());
        return length == 0 ? new byte[0] : hub.retries().run(signal, () -> read(remote, length));
    }

    private byte[] read(RemoteFile remote, int length) throws IOException {
        byte[][] bytes = {new byte[0]};
        hub.bytes(remote)
                .read(
                        0,
                        length,
                        signal,
                        (source, start) -> bytes[0] = source.readByteArray(length));
        return bytes[0];
    }
}
