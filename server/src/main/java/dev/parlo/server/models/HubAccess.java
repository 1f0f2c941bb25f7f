package dev.parlo.server.models;

import dev.parlo.registry.ModelStore;
import dev.parlo.registry.cache.DownloadObserver;
import dev.parlo.registry.cache.ModelDownloader;
import dev.parlo.registry.hub.HubClient;
import dev.parlo.registry.hub.HubSettings;
import dev.parlo.registry.hub.HubSizes;
import dev.parlo.registry.hub.HubVerdicts;
import dev.parlo.registry.hub.ModelRegistry;
import dev.parlo.registry.hub.RegistryEntries;
import dev.parlo.server.Settings;
import java.time.Duration;

/** The Hub as the settings describe it: its list of models, and downloads. Thread-safe. */
public final class HubAccess implements AutoCloseable {
    /** How long a list of the Hub's models is shown without asking again. */
    private static final Duration FRESH = Duration.ofMinutes(10);

    /**
     * For a list, and for the files of all models that one question looks at; those that are late
     * are left out.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** For one repository, which somebody waits to see. */
    private static final Duration PATIENCE_FOR_ONE = Duration.ofSeconds(5);

    /** The part of the usual time for an answer that what makes a refusal say more may take. */
    private static final int HASTE_FOR_A_REFUSAL = 5;

    private final HubClient client;
    private final ModelRegistry registry;
    private final HubSizes sizes;
    private final RegistryEntries entries;
    private final HubVerdicts verdicts;
    private final ModelDownloader downloader;

    /** Without an observer of downloads. */
    public HubAccess(Settings.Hub hub, ModelStore store) {
        this(hub, store, DownloadObserver.NONE);
    }

    /**
     * @param downloads hears how downloads end
     */
    public HubAccess(Settings.Hub hub, ModelStore store, DownloadObserver downloads) {
        client =
                new HubClient(
                        new HubSettings(
                                hub.endpoint(),
                                hub.token().filter(token -> hub.implicitToken()),
                                hub.cache(),
                                hub.offline(),
                                hub.etagTimeout(),
                                hub.downloadTimeout(),
                                hub.parallelRanges(),
                                hub.links(),
                                hub.network()));
        registry = new ModelRegistry(client, FRESH, PATIENCE);
        sizes = new HubSizes(client, FRESH, PATIENCE);
        entries = new RegistryEntries(client, PATIENCE_FOR_ONE);
        verdicts =
                new HubVerdicts(
                        client, store, FRESH, hub.etagTimeout().dividedBy(HASTE_FOR_A_REFUSAL));
        downloader = new ModelDownloader(client, store, downloads);
    }

    public ModelRegistry registry() {
        return registry;
    }

    /** What single repositories hold. */
    public RegistryEntries entries() {
        return entries;
    }

    /** Which repositories would be downloaded in vain. */
    public HubVerdicts verdicts() {
        return verdicts;
    }

    public HubSizes sizes() {
        return sizes;
    }

    public ModelDownloader downloader() {
        return downloader;
    }

    /** Cancels what is being downloaded. */
    @Override
    public void close() {
        downloader.close();
        client.close();
    }
}
