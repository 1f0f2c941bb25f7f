package dev.parlo.registry;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.parlo.registry.TestRepository.StoredFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * A Hugging Face Hub for tests: a real HTTP server over a folder {@code owner/name/files}, with a
 * second server, another origin, from which large files come by redirect. It keeps a list of what
 * was asked of it and can be told to misbehave. By hand: {@code java … dev.parlo.registry.TestHub
 * DIR [--port N] [--token T] [--fault path=kind@value*times]…}.
 */
public final class TestHub implements AutoCloseable {
    /** A token that opens private and gated repositories. */
    public static final String TOKEN = "hf_test";

    private static final JsonMapper JSON = new JsonMapper();
    private static final int PAGE = 100;

    /**
     * A request as it came in.
     *
     * @param store whether it was to the large files' origin
     * @param range the Range header, "" without
     * @param authorized whether it carried a token
     * @param sent bytes of body that were sent
     */
    public record Seen(
            boolean store,
            String method,
            String path,
            String range,
            boolean authorized,
            AtomicLong sent) {}

    private final TestRepositories repositories;

    private final String token;
    private final HttpServer api;
    private final HttpServer store;
    private final StoreAnswers storeAnswers;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();
    private final AtomicLong signatures = new AtomicLong();
    private final HubFaults faults = new HubFaults();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final FileAnswer bytes = new FileAnswer(faults, closed);
    private final Optional<SSLContext> tls;
    private volatile int pageSize = PAGE;
    private volatile String prefix = "";
    private volatile String linkBase = "";
    private volatile boolean storeHere;

    private TestHub(Path folder, int port, String token, Optional<SSLContext> tls)
            throws IOException {
        this.tls = tls;
        this.repositories = new TestRepositories(folder.toAbsolutePath().normalize());
        this.storeAnswers = new StoreAnswers(repositories, faults, bytes);
        this.token = token;
        InetAddress loopback = InetAddress.getLoopbackAddress();
        api = server(new InetSocketAddress(loopback, port));
        store = server(new InetSocketAddress(loopback, 0));
        for (HttpServer server : List.of(api, store)) {
            server.setExecutor(threads);
            server.createContext("/", exchange -> answer(exchange, server == store));
            server.start();
        }
    }

    /** Serves a folder on a free port. */
    public static TestHub start(Path folder) throws IOException {
        return new TestHub(folder, 0, TOKEN, Optional.empty());
    }

    /** Serves a folder on a free port by TLS. */
    public static TestHub start(Path folder, SSLContext tls) throws IOException {
        return new TestHub(folder, 0, TOKEN, Optional.of(tls));
    }

    private HttpServer server(InetSocketAddress address) throws IOException {
        if (tls.isEmpty()) {
            return HttpServer.create(address, 0);
        }
        HttpsServer server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls.get()));
        return server;
    }

    /** Runs until the process ends. */
    public static void main(String[] arguments) throws Exception {
        Path folder = null;
        int port = 8500;
        String token = TOKEN;
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--port" -> port = Integer.parseInt(arguments[++i]);
                case "--token" -> token = arguments[++i];
                case "--fault" -> faults.add(Fault.parse(arguments[++i]));
                default -> folder = Path.of(arguments[i]);
            }
        }
        if (folder == null || !Files.isDirectory(folder)) {
            System.err.println(
                    "usage: TestHub DIR [--port N] [--token T] [--fault path=kind@value*times]…\n"
                            + "DIR holds owner/name/ folders; kinds: cut stall hash size no-range"
                            + " status rate-limit hub-limit no-blobs expired gzip no-length"
                            + " throttle");
            System.exit(2);
            return;
        }
        try (TestHub hub = new TestHub(folder, port, token, Optional.empty())) {
            faults.forEach(hub::fault);
            System.out.println("HF_ENDPOINT=" + hub.endpoint() + " HF_TOKEN=" + token);
            hub.closed.await();
        }
    }

    /** What HF_ENDPOINT must be. */
    public URI endpoint() {
        return URI.create(base(api) + prefix);
    }

    private String base(HttpServer server) {
        return (tls.isPresent() ? "https://localhost:" : "http://127.0.0.1:")
                + server.getAddress().getPort();
    }

    /** Everything asked so far, in the order in which it came. */
    public List<Seen> requests() {
        return List.copyOf(seen);
    }

    /** Forgets what was asked. */
    public void forgetRequests() {
        seen.clear();
    }

    /** Misbehaves from now on, as long as the fault lasts. */
    public void fault(Fault fault) {
        faults.add(fault);
    }

    /** Behaves again; connections that stalled are cut. */
    public void heal() {
        faults.clear();
    }

    /** How many models a page of a list holds at most. */
    public void pageSize(int models) {
        pageSize = models;
    }

    /** Lives below a path, while its relative redirects leave that path out, as proxies do. */
    public void below(String path) {
        prefix = path;
    }

    /** What the addresses of further pages begin with: a mirror copies those of the Hub. */
    public void linkBase(String base) {
        linkBase = base;
    }

    /** Large files come from the Hub's own origin. */
    public void storeHere() {
        storeHere = true;
    }

    @Override
    public void close() {
        closed.countDown();
        faults.clear();
        api.stop(0);
        store.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange, boolean atStore) throws IOException {
        Headers headers = exchange.getRequestHeaders();
        Seen request =
                new Seen(
                        atStore,
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().toString(),
                        HubAnswers.text(headers.getFirst("Range")),
                        headers.containsKey("Authorization"),
                        new AtomicLong());
        seen.add(request);
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String query = HubAnswers.text(exchange.getRequestURI().getRawQuery());
            if (faults.refuse(exchange, query.isEmpty() ? path : path + "?" + query)) {
                return;
            }
            if (atStore) {
                storeAnswers.answer(exchange, request);
            } else {
                serve(exchange, request);
            }
        } catch (RuntimeException failed) {
            failed.printStackTrace();
        }
    }

    private void serve(HttpExchange exchange, Seen request) throws IOException {
        String given = HubAnswers.text(exchange.getRequestHeaders().getFirst("Authorization"));
        boolean known = given.equals("Bearer " + token);
        if (!given.isEmpty() && !known) {
            HubAnswers.refuse(exchange, 401, "", "Invalid credentials in Authorization header");
            return;
        }
        String below = exchange.getRequestURI().getPath();
        if (!below.startsWith(prefix + "/")) {
            HubAnswers.refuse(exchange, 404, "", "no such place");
            return;
        }
        List<String> path = Stream.of(below.substring(prefix.length() + 1).split("/", -1)).toList();
        if (path.getFirst().equals("lfs")) {
            storeAnswers.serve(exchange, String.join("/", path.subList(1, path.size())), request);
        } else if (path.equals(List.of("api", "models"))) {
            list(exchange, known);
        } else if (path.contains("resolve")) {
            resolve(exchange, path, known, request);
        } else if (path.size() >= 3 && path.get(0).equals("api")) {
            describe(exchange, path, known);
        } else {
            HubAnswers.refuse(exchange, 404, "", "no such route");
        }
    }

    private void list(HttpExchange exchange, boolean known) throws IOException {
        Map<String, List<String>> query = HubAnswers.query(exchange.getRequestURI());
        List<String> filters = query.getOrDefault("filter", List.of());
        List<String> tasks = query.getOrDefault("pipeline_tag", List.of());
        String search = HubAnswers.first(query, "search", "").toLowerCase(java.util.Locale.ROOT);
        List<TestRepository> found =
                repositories.all().stream()
                        .filter(each -> !each.isPrivate() || known)
                        .filter(each -> each.tags().containsAll(filters))
                        .filter(each -> each.tags().containsAll(tasks))
                        .filter(each ->
                                each.id().toLowerCase(java.util.Locale.ROOT).contains(search))
                        .toList();
        List<String> expand = query.getOrDefault("expand", List.of());
        ArrayNode models = JSON.createArrayNode();
        found.forEach(each -> models.add(each.entry(expand)));
        page(exchange, models);
    }

    /** A page of a list, with the address of the next one. */
    private void page(HttpExchange exchange, ArrayNode all) throws IOException {
        Map<String, List<String>> query = HubAnswers.query(exchange.getRequestURI());
        int from = Integer.parseInt(HubAnswers.first(query, "cursor", "0"));
        int size = Math.min(pageSize, Integer.parseInt(HubAnswers.first(query, "limit", "1000")));
        int to = Math.min(all.size(), from + size);
        ArrayNode page = JSON.createArrayNode();
        for (int i = from; i < to; i++) {
            page.add(all.get(i));
        }
        if (to < all.size()) {
            String here = exchange.getRequestURI().toString().replaceAll("&cursor=\\d+", "");
            // the Hub that a mirror copies knows of no path before its own
            String base =
                    linkBase.isEmpty()
                            ? base(api) + here
                            : linkBase + here.substring(prefix.length());
            exchange.getResponseHeaders()
                    .set("Link", "<" + base + "&cursor=" + to + ">; rel=\"next\"");
        }
        HubAnswers.send(exchange, JSON.writeValueAsBytes(page));
    }

    private void describe(HttpExchange exchange, List<String> path, boolean known)
            throws IOException {
        boolean tree = path.contains("tree");
        int revision = path.indexOf(tree ? "tree" : "revision");
        String id = String.join("/", path.subList(2, revision < 0 ? path.size() : revision));
        Optional<TestRepository> repository = visible(exchange, id, known);
        if (repository.isEmpty()) {
            return;
        }
        String wanted = revision < 0 ? "main" : path.get(revision + 1);
        if (!wanted.equals("main") && !wanted.equals(repository.get().commit())) {
            HubAnswers.refuse(exchange, 404, "RevisionNotFound", "no such revision");
            return;
        }
        boolean blobs =
                HubAnswers.query(exchange.getRequestURI()).containsKey("blobs")
                        && faults.take(id, Fault.Kind.NO_BLOBS).isEmpty();
        if (tree) {
            page(exchange, repository.get().tree());
            return;
        }
        HubAnswers.send(exchange, JSON.writeValueAsBytes(repository.get().whole(blobs, this::lie)));
    }

    private long lie(String file) {
        return faults.take(file, Fault.Kind.SIZE).map(Fault::value).orElse(0L);
    }

    private void resolve(HttpExchange exchange, List<String> path, boolean known, Seen request)
            throws IOException {
        int resolve = path.indexOf("resolve");
        boolean cached = path.getFirst().equals("api"); // /api/resolve-cache/ID/resolve/…
        String id = String.join("/", path.subList(cached ? 2 : 0, resolve));
        Optional<TestRepository> repository = visible(exchange, id, known);
        if (repository.isEmpty()) {
            return;
        }
        if (repository.get().isGated() && (!known || repository.get().isDenied())) {
            HubAnswers.refuse(
                    exchange, known ? 403 : 401, "GatedRepo", "Access to the model is restricted");
            return;
        }
        StoredFile file =
                repository
                        .get()
                        .files()
                        .get(String.join("/", path.subList(resolve + 2, path.size())));
        if (file == null) {
            HubAnswers.refuse(exchange, 404, "EntryNotFound", "no such file");
            return;
        }
        long lie = lie(file.path());
        Headers headers = exchange.getResponseHeaders();
        headers.set("X-Repo-Commit", repository.get().commit());
        headers.set("ETag", "\"" + file.etag() + "\"");
        if (file.large()) {
            headers.set("X-Linked-Etag", "\"" + file.etag() + "\"");
            headers.set("X-Linked-Size", String.valueOf(file.size() + lie));
            headers.set(
                    "Location",
                    (storeHere ? endpoint() + "/lfs/" : base(store) + "/")
                            + id
                            + "/"
                            + file.path()
                            + "?signature="
                            + signatures.incrementAndGet());
            exchange.sendResponseHeaders(302, -1);
            return;
        }
        if (!path.getFirst().equals("api")) {
            // As the Hub does for small files: a redirect to its own cache, by a path from its
            // root.
            headers.set("Location", "/api/resolve-cache/" + String.join("/", path));
            headers.set("X-Linked-Etag", "\"" + file.etag() + "\"");
            exchange.sendResponseHeaders(307, -1);
            return;
        }
        bytes.answer(exchange, file, lie, request);
    }

    /** A repository this caller may see; else the refusal has been sent. */
    private Optional<TestRepository> visible(HttpExchange exchange, String id, boolean known)
            throws IOException {
        Optional<TestRepository> repository = repositories.find(id);
        if (repository.isEmpty() || (repository.get().isPrivate() && !known)) {
            HubAnswers.refuse(exchange, known ? 404 : 401, "RepoNotFound", "Repository not found");
            return Optional.empty();
        }
        if (repository.get().isDisabled()) {
            HubAnswers.refuse(exchange, 403, "", "Access to this resource is disabled.");
            return Optional.empty();
        }
        String moved = repository.get().movedTo();
        if (!moved.isEmpty()) {
            exchange.getResponseHeaders()
                    .set("Location", exchange.getRequestURI().toString().replace(id, moved));
            // of the old name's repository, not of the file's
            exchange.getResponseHeaders().set("X-Repo-Commit", repository.get().commit());
            exchange.sendResponseHeaders(307, -1);
            return Optional.empty();
        }
        return repository;
    }
}
