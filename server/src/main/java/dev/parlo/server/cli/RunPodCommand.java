package dev.parlo.server.cli;

import dev.parlo.server.Application;
import dev.parlo.server.Setting;
import dev.parlo.server.Settings;
import dev.parlo.server.fileurl.FileFetcher;
import dev.parlo.server.fileurl.FileUrlSettings;
import dev.parlo.server.http.HttpServer;
import dev.parlo.server.http.InFlight;
import dev.parlo.server.http.LaxValues;
import dev.parlo.server.runpod.RunPodWorker;
import dev.parlo.server.runpod.SingleJob;
import dev.parlo.server.runpod.TestApi;
import dev.parlo.server.runpod.WorkerSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code parlo runpod}: a worker of RunPod's serverless endpoints. */
@Command(
        name = "runpod",
        description = {
            "Runs as a worker of a RunPod serverless endpoint: takes jobs from its queue where"
                    + " RUNPOD_WEBHOOK_GET_JOB is set, else serves requests on PORT behind its load"
                    + " balancer.",
            "All settings of 'parlo serve' are taken from the environment; AUTO_DOWNLOAD is on"
                    + " unless it is set."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class RunPodCommand implements Callable<Integer> {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String USUAL_PORT = "80";

    /** Where the platform mounts models that it keeps. */
    private static final Path CACHED_MODELS = Path.of("/runpod-volume/huggingface-cache/hub");

    private final Map<String, String> environment;
    private final Wiring wiring;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"--test-input", "--test_input"},
            paramLabel = "FILE|JSON",
            description =
                    "Does one job, given as a file or as JSON with an 'input', prints its result and"
                            + " ends: 0, or 1 where it failed.")
    private @Nullable String testInput;

    @Option(
            names = {"--serve-api", "--rp_serve_api"},
            description =
                    "Serves RunPod's endpoint on this machine: /run, /runsync, /status, /stream.")
    private boolean serveApi;

    @Option(
            names = {"--api-host", "--rp_api_host"},
            paramLabel = "ADDRESS",
            description = "Where that listens. Default: ${DEFAULT-VALUE}.")
    private String apiHost = "localhost";

    @Option(
            names = {"--api-port", "--rp_api_port"},
            paramLabel = "PORT",
            description = "Its port. Default: ${DEFAULT-VALUE}.")
    private int apiPort = 8000;

    private RunPodCommand(Map<String, String> environment, Wiring wiring) {
        this.environment = environment;
        this.wiring = wiring;
    }

    static CommandLine commandLine(Map<String, String> environment, Wiring wiring) {
        return new CommandLine(new RunPodCommand(environment, wiring));
    }

    @Override
    public Integer call() throws InterruptedException {
        if (testInput != null && serveApi) {
            throw new CommandFailure("--test-input and --serve-api exclude each other.");
        }
        WorkerSettings worker = worker();
        if (testInput != null) {
            return test(job(testInput));
        }
        if (serveApi) {
            return run(inner(), false, this::serveTestApi);
        }
        return worker.queued()
                ? run(
                        inner(),
                        false,
                        (application, settings, stop) -> work(worker, application, settings, stop))
                : run(balanced(), true, this::servePings);
    }

    private WorkerSettings worker() {
        try {
            return WorkerSettings.of(environment);
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailure(String.valueOf(wrong.getMessage()));
        }
    }

    private int run(Map<String, String> variables, boolean banner, ServerRun.Companion companion)
            throws InterruptedException {
        return new ServerRun(variables, wiring, spec.commandLine().getOut())
                .run(Map.of(), false, banner, companion);
    }

    /** The environment with what holds on RunPod unless it says otherwise. */
    private Map<String, String> usual() {
        Map<String, String> variables = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        variables.putAll(environment);
        // An endpoint is a model's name in a job: nobody logs in to install one.
        variables.putIfAbsent(Setting.AUTO_DOWNLOAD.variable(), "true");
        boolean chosen =
                List.of("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME").stream()
                        .anyMatch(variables::containsKey);
        if (!chosen && Files.isDirectory(CACHED_MODELS)) {
            variables.put(Setting.HF_HUB_CACHE.variable(), CACHED_MODELS.toString());
        }
        return variables;
    }

    /** For a server that only this process asks. */
    private Map<String, String> inner() {
        Map<String, String> variables = usual();
        variables.put(Setting.UVICORN_HOST.variable(), LOOPBACK);
        variables.put(Setting.UVICORN_PORT.variable(), "0");
        // The platform lets jobs in by its own keys.
        variables.remove(Setting.API_KEY.variable());
        return variables;
    }

    private Map<String, String> balanced() {
        Map<String, String> variables = usual();
        if (!variables.containsKey(Setting.UVICORN_PORT.variable())) {
            variables.putIfAbsent("PORT", USUAL_PORT);
        }
        return variables;
    }

    private static FileFetcher fetcher(Application application, Settings settings) {
        FileUrlSettings given = settings.fileUrls();
        return new FileFetcher(
                new FileUrlSettings(true, given.hosts(), given.timeout()),
                application.uploads(),
                settings.hub().network(),
                Dns.SYSTEM);
    }

    private static AutoCloseable work(
            WorkerSettings worker, Application application, Settings settings, Runnable stop) {
        FileFetcher fetcher = fetcher(application, settings);
        RunPodWorker working =
                RunPodWorker.start(
                        worker,
                        settings.hub().network(),
                        application.url(),
                        fetcher,
                        application.models().preloader()::isDone,
                        stop,
                        settings.listen().shutdownTimeout());
        return () -> {
            working.close();
            fetcher.close();
        };
    }

    private AutoCloseable serveTestApi(Application application, Settings settings, Runnable stop) {
        FileFetcher fetcher = fetcher(application, settings);
        TestApi api = TestApi.start(application.url(), fetcher, apiHost, apiPort);
        PrintWriter out = spec.commandLine().getOut();
        out.println("RunPod's endpoint is at http://" + apiHost + ":" + api.port() + "/runsync");
        out.flush();
        return () -> {
            api.close();
            fetcher.close();
        };
    }

    /** The probe on a port of its own, where the platform asks for one. */
    private AutoCloseable servePings(Application application, Settings settings, Runnable stop) {
        Optional<String> port =
                Optional.ofNullable(environment.get("PORT_HEALTH"))
                        .map(String::strip)
                        .filter(given -> !given.isEmpty())
                        .filter(given -> !given.equals(String.valueOf(settings.listen().port())));
        if (port.isEmpty()) {
            return () -> {};
        }
        Long number = LaxValues.digits(port.get());
        if (number == null || number < 0 || number > 65_535) {
            throw new CommandFailure(
                    "PORT_HEALTH: got " + port.get() + ", accepted: a port from 0 to 65535.");
        }
        HttpServer probes =
                HttpServer.start(
                        settings.listen().host(),
                        number.intValue(),
                        new InFlight(),
                        List.of(application.health()::register));
        return probes::close;
    }

    private static String job(String given) {
        if (given.strip().startsWith("{")) {
            return given;
        }
        try {
            return Files.readString(Path.of(given));
        } catch (IOException | InvalidPathException unreadable) {
            throw new CommandFailure(
                    "The job " + given + " cannot be read. Give a file, or JSON.", unreadable);
        }
    }

    private int test(String job) throws InterruptedException {
        AtomicBoolean failed = new AtomicBoolean();
        Map<String, String> variables = inner();
        // The result is what is to be read.
        variables.putIfAbsent(Setting.LOG_LEVEL.variable(), "error");
        int status =
                run(
                        variables,
                        false,
                        (application, settings, stop) -> {
                            try (FileFetcher fetcher = fetcher(application, settings)) {
                                SingleJob single = SingleJob.of(job, application.url(), fetcher);
                                failed.set(single.failed());
                                PrintWriter out = spec.commandLine().getOut();
                                out.println(single.result());
                                out.flush();
                            }
                            stop.run();
                            return () -> {};
                        });
        return failed.get() ? ParloCommand.FAILED : status;
    }
}
