package dev.parlo.registry.cache;

import dev.parlo.registry.CacheLayout;
import dev.parlo.registry.ExternalWeights;
import dev.parlo.registry.FileStart;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelStore;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import dev.parlo.registry.RepositoryContents;
import dev.parlo.registry.hub.CancelSignal;
import dev.parlo.registry.hub.HubClient;
import dev.parlo.registry.hub.HubModel;
import dev.parlo.registry.hub.Parallel;
import dev.parlo.registry.hub.RemoteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Downloads models from the Hub into the Hugging Face cache: only the files a model's family needs,
 * verified, several at once. Everyone who asks for a model while it is being downloaded shares that
 * download. Safe for use by many threads; closing cancels what is under way.
 */
public final class ModelDownloader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelDownloader.class);
    private static final String REVISION = "main";
    private static final String CARD = "README.md";

    private final HubClient hub;
    private final ModelStore store;
    private final CacheLayout layout;
    private final TransferLimits limits;
    private final Disk disk;
    private final DownloadObserver observer;
    private final FileLocking locks = new FileLocking();
    private final BlobFetcher blobs;
    private final SnapshotWriter snapshots;
    private final Map<ModelId, Download> running = new LinkedHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public ModelDownloader(HubClient hub, ModelStore store) {
        this(hub, store, DownloadObserver.NONE);
    }

    /**
     * @param observer hears how downloads end
     */
    public ModelDownloader(HubClient hub, ModelStore store, DownloadObserver observer) {
        this(hub, store, TransferLimits.standard(), new Disk(), observer);
    }

    ModelDownloader(HubClient hub, ModelStore store, TransferLimits limits, Disk disk) {
        this(hub, store, limits, disk, DownloadObserver.NONE);
    }

    private ModelDownloader(
            HubClient hub,
            ModelStore store,
            TransferLimits limits,
            Disk disk,
            DownloadObserver observer) {
        this.hub = hub;
        this.store = store;
        this.layout = store.layout();
        this.limits = limits;
        this.disk = disk;
        this.observer = observer;
        this.blobs = new BlobFetcher(layout, locks, new BlobTransfer(hub, disk, limits), disk);
        this.snapshots = new SnapshotWriter(layout, disk, hub.settings().links());
    }

    /**
     * Begins a download, joins the one under way, or answers a finished one at once when the model
     * is installed; the Hub is not asked then, except where another program may have left the model
     * incomplete. Failures come from {@link Download#await()}.
     */
    public Download start(ModelId id) {
        synchronized (running) {
            Download download = running.get(id);
            if (download != null) {
                return download;
            }
        }
        Optional<InstalledModel> installed = store.find(id);
        synchronized (running) {
            Download other = running.get(id);
            if (other != null) {
                return other;
            }
            Download download = new Download(id);
            if (installed.isPresent() && !store.mayLackFiles(installed.get())) {
                download.foundInstalled();
                download.succeed(installed.get());
                return download;
            }
            running.put(id, download);
            try {
                threads.execute(() -> observed(download));
            } catch (RejectedExecutionException closed) {
                running.remove(id);
                download.fail(CancelSignal.cancelled());
            }
            return download;
        }
    }

    /** Downloads a model and waits; see {@link Download#await()} for the failures. */
    public InstalledModel download(ModelId id) {
        return start(id).await();
    }

    /** The downloads under way, oldest first. */
    public List<Download> running() {
        synchronized (running) {
            return List.copyOf(running.values());
        }
    }

    /** The download of a model that is under way. */
    public Optional<Download> find(ModelId id) {
        synchronized (running) {
            return Optional.ofNullable(running.get(id));
        }
    }

    /** Cancels a download; whether there was one. */
    public boolean cancel(ModelId id) {
        Optional<Download> download = find(id);
        download.ifPresent(Download::cancel);
        return download.isPresent();
    }

    /**
     * Removes what ended processes left in the cache. Models may be used and downloaded meanwhile.
     *
     * @return how many files and folders
     */
    public int removeLeftovers() {
        int removed = new Leftovers(layout, locks, InstantSource.system()).remove();
        if (removed > 0) {
            LOG.info("removed {} leftovers of earlier runs from {}", removed, layout.root());
        }
        return removed;
    }

    @Override
    public void close() {
        running().forEach(Download::cancel);
        threads.close();
    }

    private void observed(Download download) {
        long start = System.nanoTime();
        try {
            run(download);
        } finally {
            if (!download.alreadyInstalled()) {
                observer.finished(
                        download.id(),
                        download.progress().state(),
                        Duration.ofNanos(System.nanoTime() - start));
            }
        }
    }

    private void run(Download download) {
        try {
            // Not in use any more when it is told: who hears of the end may delete the model.
            InstalledModel model = installed(download);
            end(download);
            download.succeed(model);
        } catch (RuntimeException failed) {
            if (failed instanceof RegistryException known
                    && known.category() == Category.UNSUPPORTED) {
                store.refused(download.id(), known);
            }
            end(download);
            download.fail(failed);
            LOG.info("download of {} ended: {}", download.id(), failed.getMessage());
        } catch (Error fatal) {
            end(download);
            download.fail(new IllegalStateException(fatal));
            throw fatal;
        }
    }

    private InstalledModel installed(Download download) {
        ModelId id = download.id();
        try (ModelStore.Use use = store.use(id)) {
            Optional<InstalledModel> before = store.find(id);
            if (before.isPresent() && !complete(download, before.get(), use)) {
                download.foundInstalled();
                return before.get();
            }
            if (before.isEmpty()) {
                fetch(download, use);
            }
            InstalledModel model = store.find(id).orElseThrow(() -> store.unusable(id));
            LOG.info("downloaded {} ({} bytes)", id, model.sizeBytes());
            return model;
        }
    }

    private void end(Download download) {
        synchronized (running) {
            running.remove(download.id(), download);
        }
    }

    /**
     * Fetches what an installed model has not got of its repository.
     *
     * @return false where nothing is missing, or the Hub cannot be asked: what is there can be used
     */
    private boolean complete(Download download, InstalledModel model, ModelStore.Use use) {
        ModelId id = download.id(); // another than the model's where the model only stands for it
        HubModel remote;
        Set<String> missing;
        try {
            remote = hub.model(id.repository(), model.revision(), download.signal());
            RepositoryContents contents = remote.contents(id, starts(remote, id, download));
            missing = new LinkedHashSet<>(model.family().filesToDownload(contents));
        } catch (RegistryException unanswered) {
            if (unanswered.category() == Category.CANCELLED) {
                throw unanswered;
            }
            LOG.info("whether {} is complete is not known: {}", id, unanswered.getMessage());
            return false;
        }
        missing.removeIf(file -> Files.exists(model.directory().resolve(CacheLayout.file(file))));
        missing.remove(CARD);
        if (missing.isEmpty()) {
            return false;
        }
        LOG.info("{} is not complete, fetching {}", id, missing);
        fetch(download, remote, missing, use);
        return true;
    }

    private void fetch(Download download, ModelStore.Use use) {
        ModelId id = download.id();
        try {
            HubModel model = repository(id, download.signal());
            RepositoryContents contents = model.contents(id, starts(model, id, download));
            ModelFamily family =
                    ModelFamily.of(contents)
                            .orElseThrow(() -> ModelStore.unsupported(id, contents));
            Set<String> files = new LinkedHashSet<>(family.filesToDownload(contents));
            LOG.info("downloading {}: {}, files {}", id, family.format(), files);
            fetch(download, model, files, use);
        } catch (RegistryException refused) {
            throw ModelStore.withWayOn(id, refused);
        }
    }

    /**
     * The repository at the commit of which other models are installed, so that one more checkpoint
     * does not hide them; else as it is now.
     */
    private HubModel repository(ModelId id, CancelSignal signal) {
        Optional<String> commit = store.cachedCommit(id);
        if (commit.isPresent()) {
            try {
                return hub.model(id.repository(), commit.get(), signal);
            } catch (RegistryException gone) {
                if (gone.category() != Category.NOT_FOUND) {
                    throw gone;
                }
            }
        }
        return hub.model(id.repository(), REVISION, signal);
    }

    private FileStart starts(HubModel model, ModelId id, Download download) {
        return new RemoteStart(hub, id.repository(), model, download.signal());
    }

    private void fetch(Download download, HubModel model, Set<String> paths, ModelStore.Use use) {
        ModelId id = download.id();
        CancelSignal signal = download.signal();
        List<RemoteFile> files = new ArrayList<>();
        try {
            // The files in which a graph keeps its weights are known when the graph is there.
            for (Set<String> next = paths; !next.isEmpty(); ) {
                List<RemoteFile> more =
                        hub.describe(
                                id.repository(),
                                model,
                                List.copyOf(next),
                                limits.filesAtOnce(),
                                signal);
                files.addAll(more);
                use.needs(more.stream().map(RemoteFile::etag).toList());
                download.meter().begin(more);
                requireSpace(id, more);
                snapshots.begin(id.repository(), model.commit());
                List<Path> fetched = fetchAll(more, download);
                next = weightsOf(more, fetched);
                next.retainAll(model.files());
                next.removeAll(files.stream().map(RemoteFile::path).toList());
            }
        } catch (RegistryException failed) {
            throw failed.category() == Category.NO_SPACE ? full(id, files, failed) : failed;
        }
        signal.check();
        snapshots.write(id.repository(), model.commit(), files);
        store.forget(id);
    }

    private static Set<String> weightsOf(List<RemoteFile> files, List<Path> fetched) {
        Set<String> weights = new LinkedHashSet<>();
        for (int i = 0; i < files.size(); i++) {
            String path = files.get(i).path();
            if (path.endsWith(".onnx")) {
                String beside = path.substring(0, path.lastIndexOf('/') + 1);
                try {
                    ExternalWeights.of(fetched.get(i)).forEach(file -> weights.add(beside + file));
                } catch (IOException unreadable) {
                    throw Disk.failure(fetched.get(i), unreadable);
                }
            }
        }
        return weights;
    }

    /** Where each of the files lies now. */
    private List<Path> fetchAll(List<RemoteFile> files, Download download) {
        List<Function<CancelSignal, Path>> jobs = new ArrayList<>();
        for (RemoteFile file : files) {
            jobs.add(stop -> blobs.fetch(file, stop, download.meter()));
        }
        return Parallel.all(jobs, limits.filesAtOnce(), download.signal());
    }

    private void requireSpace(ModelId id, List<RemoteFile> files) {
        Path folder = layout.blobs(id);
        try {
            Files.createDirectories(folder);
            long missing = files.stream().mapToLong(blobs::missing).sum();
            long usable = disk.usableBytes(folder);
            if (missing > usable) {
                throw new RegistryException(
                        Category.NO_SPACE,
                        String.format(
                                Locale.ROOT,
                                "Model '%s' needs %,d bytes more, but the disk of the cache has %,d"
                                        + " left. Free some space or set HF_HUB_CACHE to another"
                                        + " disk. Nothing was written; what an earlier download left"
                                        + " is kept.",
                                id,
                                missing,
                                usable));
            }
        } catch (IOException failed) {
            throw Disk.failure(folder, failed);
        }
    }

    /** On a full disk the unfinished files of this download are removed, to leave room. */
    private RegistryException full(ModelId id, List<RemoteFile> files, RegistryException failed) {
        long removed = files.stream().mapToLong(file -> file.size() - blobs.missing(file)).sum();
        long needed = files.stream().mapToLong(RemoteFile::size).sum();
        files.forEach(blobs::discard);
        return new RegistryException(
                Category.NO_SPACE,
                String.format(
                        Locale.ROOT,
                        "%s Model '%s' needs %,d bytes; %,d were there. Its unfinished files were"
                                + " removed, finished ones are kept. Free some space and download"
                                + " it again.",
                        failed.getMessage(),
                        id,
                        needed,
                        removed),
                failed);
    }
}
