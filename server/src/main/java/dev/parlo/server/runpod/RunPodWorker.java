package dev.parlo.server.runpod;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.registry.hub.NetworkSettings;
import dev.parlo.server.fileurl.FileFetcher;
import dev.parlo.server.http.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes jobs from RunPod's queue, as many at once as are wanted, and delivers what they come to,
 * until it is closed or a job asks for a new worker. Thread-safe.
 */
public final class RunPodWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunPodWorker.class);
    private static final Duration UNTIL_READY = Duration.ofMillis(100);

    /** What the platform takes of one result; of a job that its client waits for, twice as much. */
    private static final int MOST_BYTES = 10_000_000;

    private final WorkerSettings settings;
    private final Queue queue;
    private final JobHandler handler;
    private final BooleanSupplier ready;
    private final Runnable whenDone;
    private final Duration longest;
    private final Waits waits;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Semaphore free;
    private final Map<String, Cancellation> running = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService pings =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("runpod-ping").daemon().factory());

    private RunPodWorker(
            WorkerSettings settings,
            Queue queue,
            JobHandler handler,
            BooleanSupplier ready,
            Runnable whenDone,
            Duration longest,
            Waits waits) {
        this.settings = settings;
        this.queue = queue;
        this.handler = handler;
        this.ready = ready;
        this.whenDone = whenDone;
        this.longest = longest;
        this.waits = waits;
        this.free = new Semaphore(settings.concurrency());
    }

    /**
     * Begins to ask for jobs.
     *
     * @param server where this server listens
     * @param fetcher of files that jobs name by their address
     * @param ready whether jobs can be done
     * @param whenDone called where a job asked for the worker's end
     * @param longest that jobs have to finish when this is closed
     */
    public static RunPodWorker start(
            WorkerSettings settings,
            NetworkSettings network,
            String server,
            FileFetcher fetcher,
            BooleanSupplier ready,
            Runnable whenDone,
            Duration longest) {
        return start(settings, network, server, fetcher, ready, whenDone, longest, Waits.USUAL);
    }

    /** The same with waits of another length. */
    public static RunPodWorker start(
            WorkerSettings settings,
            NetworkSettings network,
            String server,
            FileFetcher fetcher,
            BooleanSupplier ready,
            Runnable whenDone,
            Duration longest,
            Waits waits) {
        RunPodWorker worker =
                new RunPodWorker(
                        settings,
                        new Queue(settings, network, waits),
                        new JobHandler(server, fetcher),
                        ready,
                        whenDone,
                        longest,
                        waits);
        worker.begin();
        return worker;
    }

    private void begin() {
        var taking = threads.submit(this::takeJobs);
        var hearing = threads.submit(this::hearOfStops);
        if (settings.pinged()) {
            long every = settings.pingInterval().toMillis();
            var pinging =
                    pings.scheduleAtFixedRate(
                            () -> queue.ping(running.keySet()), 0, every, TimeUnit.MILLISECONDS);
        }
        LOG.info("Worker {} takes jobs, {} at once", settings.workerId(), settings.concurrency());
    }

    private boolean isStopping() {
        return stop.getCount() == 0;
    }

    /** Waits, unless there is nothing to wait for any more. */
    private void rest(Duration time) throws InterruptedException {
        var unused = stop.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void takeJobs() {
        try {
            while (!ready.getAsBoolean() && !isStopping()) {
                rest(UNTIL_READY);
            }
            while (!isStopping()) {
                free.acquire();
                boolean taken = false;
                try {
                    taken = !isStopping() && takeOne();
                } catch (RuntimeException | Error failure) {
                    // Whatever an answer led to: a worker that asks no more would idle for ever.
                    LOG.error("No job was taken", failure);
                    rest(waits.failure());
                } finally {
                    if (!taken) {
                        free.release();
                    }
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether a job was taken, which then has the place. */
    private boolean takeOne() throws InterruptedException {
        switch (queue.take(!running.isEmpty())) {
            case Queue.Taken.Nothing nothing -> rest(waits.nothing());
            case Queue.Taken.TooMany many -> rest(waits.tooMany());
            case Queue.Taken.Failed(String why) -> {
                if (!isStopping()) {
                    LOG.warn("No job was taken: {}", why);
                    rest(waits.failure());
                }
            }
            case Queue.Taken.Work(var jobs) -> {
                boolean first = true;
                boolean begun = false;
                for (Job job : jobs) {
                    // Also while stopping: the queue has given it away already.
                    if (!first) {
                        free.acquire();
                    }
                    boolean mine = run(job);
                    if (!mine && !first) {
                        free.release();
                    }
                    begun |= mine && first;
                    first = false;
                }
                return begun;
            }
        }
        return false;
    }

    /** Begins a job; false for one that runs already. */
    private boolean run(Job job) {
        Cancellation cancellation = new Cancellation();
        if (running.putIfAbsent(job.id(), cancellation) != null) {
            LOG.warn("Job {} was given twice; it is done once.", job.id());
            return false;
        }
        var unused =
                threads.submit(() -> {
                    try {
                        finish(job, cancellation);
                    } catch (RuntimeException | Error failure) {
                        LOG.error("Job {} failed", job.id(), failure);
                    } finally {
                        running.remove(job.id());
                        free.release();
                    }
                });
        return true;
    }

    private void finish(Job job, Cancellation cancellation) {
        boolean streamed = job.input().path("stream").asBoolean(false);
        JobResult result;
        try {
            result = handler.handle(job.input(), listener(job), cancellation);
        } catch (EngineException cancelled) {
            LOG.info("Job {} was stopped.", job.id());
            return; // the platform has said so itself
        }
        boolean refresh = result.refreshWorker();
        ObjectNode body = body(job, result);
        Queue.Delivered delivered = queue.done(job, body, streamed);
        if (delivered == Queue.Delivered.REFUSED && body.has("output")) {
            delivered =
                    queue.done(
                            job, error("The platform did not take the result.", refresh), streamed);
        }
        if (delivered != Queue.Delivered.YES) {
            LOG.error("What job {} came to could not be delivered.", job.id());
        }
        if (refresh) {
            stop.countDown();
            whenDone.run();
        }
    }

    private JobHandler.Listener listener(Job job) {
        return new JobHandler.Listener() {
            @Override
            public boolean part(JsonNode part) {
                return queue.part(job, part);
            }

            @Override
            public void progress(String stage) {
                queue.progress(job, stage);
            }
        };
    }

    private static ObjectNode body(Job job, JobResult result) {
        ObjectNode body = Json.mapper().createObjectNode();
        switch (result) {
            case JobResult.Done(JsonNode output, boolean refresh) -> body.set("output", output);
            case JobResult.Failed(JsonNode error, boolean refresh) -> body.set("error", error);
        }
        if (result.refreshWorker()) {
            body.put("stopPod", true);
        }
        int most = job.synchronous() ? 2 * MOST_BYTES : MOST_BYTES;
        int bytes = Json.mapper().writeValueAsBytes(body).length;
        return bytes <= most
                ? body
                : error(
                        "The result has "
                                + bytes
                                + " bytes; the platform takes "
                                + most
                                + ". Ask for a smaller one, such as response_format mp3 or opus,"
                                + " for less text at once, or with stream for parts.",
                        result.refreshWorker());
    }

    private static ObjectNode error(String message, boolean refresh) {
        ObjectNode body = Json.mapper().createObjectNode();
        body.putObject("error").put("message", message).put("status_code", 413);
        return refresh ? body.put("stopPod", true) : body;
    }

    private void hearOfStops() {
        try {
            while (!isStopping()) {
                try {
                    var stops = queue.stopped();
                    if (stops.isEmpty()) {
                        return;
                    }
                    stops.get().forEach(this::stop);
                } catch (IOException silent) {
                    LOG.debug("Nothing was heard of jobs to stop", silent);
                }
                rest(waits.failure());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop(String id) {
        Cancellation cancellation = running.get(id);
        if (cancellation != null) {
            cancellation.cancel();
        }
    }

    /**
     * Takes no more jobs, lets those that run finish, and ends what is left after the time.
     * Harmless when repeated.
     */
    @Override
    public void close() {
        stop.countDown();
        queue.stopAsking();
        boolean finished = false;
        try {
            finished =
                    free.tryAcquire(
                            settings.concurrency(), longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        if (finished) {
            free.release(settings.concurrency()); // closing again must not wait
        } else {
            LOG.warn("Jobs {} outlast SHUTDOWN_TIMEOUT and are ended", running.keySet());
            running.values().forEach(Cancellation::cancel);
        }
        pings.shutdownNow();
        threads.shutdownNow();
        queue.close();
        handler.close();
    }
}
