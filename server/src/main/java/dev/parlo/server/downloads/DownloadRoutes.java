package dev.parlo.server.downloads;

import dev.parlo.registry.ModelId;
import dev.parlo.registry.cache.Download;
import dev.parlo.registry.cache.DownloadProgress;
import dev.parlo.registry.cache.ModelDownloader;
import dev.parlo.registry.cache.Subscription;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.ContentType;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.RunningRequest;
import dev.parlo.server.http.SseWriter;
import dev.parlo.server.models.ModelLibrary;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Downloads: {@code POST /v1/models/<model_id>} waits as Speaches does, or tells the progress in
 * server-sent events; {@code /v1/downloads} lists and cancels. A client that leaves does not end a
 * download. Thread-safe.
 */
public final class DownloadRoutes {
    private record ProgressView(
            String type,
            String id,
            String state,
            String file,
            long fileBytes,
            long fileTotal,
            long bytes,
            long totalBytes,
            double bytesPerSecond,
            @Nullable Double etaSeconds) {
        static ProgressView of(DownloadProgress progress) {
            return new ProgressView(
                    "download.progress",
                    progress.id().toString(),
                    progress.state().name().toLowerCase(Locale.ROOT),
                    progress.file(),
                    progress.fileBytes(),
                    progress.fileTotal(),
                    progress.bytes(),
                    progress.totalBytes(),
                    progress.bytesPerSecond(),
                    progress.eta().map(eta -> eta.toMillis() / 1000.0).orElse(null));
        }
    }

    private record DoneView(String type, String id, boolean alreadyInstalled, String detail) {}

    private record DownloadList(List<ProgressView> data, String object) {}

    private final ModelLibrary library;
    private final ModelDownloader downloader;
    private final ScheduledExecutorService timer;

    public DownloadRoutes(
            ModelLibrary library, ModelDownloader downloader, ScheduledExecutorService timer) {
        this.library = library;
        this.downloader = downloader;
        this.timer = timer;
    }

    public void register(RoutesConfig routes) {
        routes.post("/v1/models/<model_id>", this::download);
        routes.get("/v1/downloads", this::list);
        routes.delete("/v1/downloads/<model_id>", this::cancel);
    }

    private void download(Context ctx) {
        Fields query = Fields.query(ctx);
        String accept = ctx.header("Accept");
        boolean stream =
                query.bool("stream", accept != null && accept.contains("text/event-stream"));
        query.check();
        Download download = downloader.start(library.resolve(ctx.pathParam("model_id")));
        if (stream) {
            stream(ctx, download);
            return;
        }
        download.await();
        ctx.status(download.alreadyInstalled() ? 201 : 200);
        ContentType.respond(ctx, "text/plain; charset=utf-8", sentence(download));
    }

    private static String sentence(Download download) {
        return download.alreadyInstalled()
                ? String.format(Locale.ROOT, "Model '%s' already exists", download.id())
                : String.format(Locale.ROOT, "Model '%s' downloaded", download.id());
    }

    private void stream(Context ctx, Download download) {
        RunningRequest running = RunningRequest.of(ctx);
        SseWriter.answer(
                ctx,
                timer,
                SseWriter.HEARTBEAT,
                events -> tell(download, events, running),
                SseWriter::failure);
    }

    private static void tell(Download download, SseWriter events, RunningRequest running) {
        Latest latest = new Latest();
        try (Subscription subscription = download.subscribe(latest::put)) {
            while (!download.isDone() && !running.clientIsGone()) {
                DownloadProgress progress = latest.take();
                if (ended(progress)) {
                    break;
                }
                // Until there is something to fetch, a refusal is an ordinary answer.
                if (progress.state() != DownloadProgress.State.QUEUED) {
                    events.send(ProgressView.of(progress));
                }
            }
            if (!running.clientIsGone()) {
                download.await();
                events.send(
                        new DoneView(
                                "download.done",
                                download.id().toString(),
                                download.alreadyInstalled(),
                                sentence(download)));
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean ended(DownloadProgress progress) {
        return switch (progress.state()) {
            case DONE, FAILED, CANCELLED -> true;
            case QUEUED, DOWNLOADING -> false;
        };
    }

    private void list(Context ctx) {
        Json.respond(
                ctx,
                new DownloadList(
                        downloader.running().stream()
                                .map(download -> ProgressView.of(download.progress()))
                                .toList(),
                        "list"));
    }

    private void cancel(Context ctx) {
        ModelId id = library.resolve(ctx.pathParam("model_id"));
        if (!downloader.cancel(id)) {
            throw ApiError.of(
                    404, String.format(Locale.ROOT, "Model '%s' is not being downloaded", id));
        }
        Json.respond(
                ctx,
                Map.of(
                        "detail",
                        String.format(
                                Locale.ROOT, "Download of '%s' cancelled; what came is kept", id)));
    }

    /** The newest progress only: a slow client must not hold up the download or fill the memory. */
    private static final class Latest {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private @Nullable DownloadProgress value;

        void put(DownloadProgress progress) {
            lock.lock();
            try {
                value = progress;
                changed.signal();
            } finally {
                lock.unlock();
            }
        }

        DownloadProgress take() throws InterruptedException {
            lock.lock();
            try {
                while (value == null) {
                    changed.await();
                }
                DownloadProgress progress = value;
                value = null;
                return progress;
            } finally {
                lock.unlock();
            }
        }
    }
}
