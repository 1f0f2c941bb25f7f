package dev.parlo.registry;

import com.sun.net.httpserver.HttpExchange;
import dev.parlo.registry.TestRepository.StoredFile;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The store of a test Hub's large files, by addresses that are signed. */
final class StoreAnswers {
    private final TestRepositories repositories;
    private final HubFaults faults;
    private final FileAnswer bytes;
    private final Map<String, Long> uses = new ConcurrentHashMap<>();

    StoreAnswers(TestRepositories repositories, HubFaults faults, FileAnswer bytes) {
        this.repositories = repositories;
        this.faults = faults;
        this.bytes = bytes;
    }

    /**
     * The store asks for a signed address and, as real ones do, refuses one with a token beside it.
     */
    void answer(HttpExchange exchange, TestHub.Seen request) throws IOException {
        if (request.authorized()) {
            HubAnswers.refuse(exchange, 400, "", "only one auth mechanism allowed");
            return;
        }
        serve(exchange, exchange.getRequestURI().getPath().substring(1), request);
    }

    /** A file by its path at the store. */
    void serve(HttpExchange exchange, String path, TestHub.Seen request) throws IOException {
        Optional<Fault> expired = faults.take(path, Fault.Kind.EXPIRED);
        String signature = HubAnswers.text(exchange.getRequestURI().getQuery());
        if (expired.isPresent() && uses.merge(signature, 1L, Long::sum) > expired.get().value()) {
            exchange.sendResponseHeaders(403, -1);
            return;
        }
        exchange.getResponseHeaders().set("ETag", "\"9fb5d281b9fb5d281b9fb5d281b9fb5d\""); // md5
        String[] parts = path.split("/", 3);
        Optional<StoredFile> file =
                repositories
                        .find(parts[0] + "/" + parts[1])
                        .map(repository -> repository.files().get(parts[2]));
        if (file.isEmpty()) {
            HubAnswers.refuse(exchange, 403, "", "signature mismatch");
            return;
        }
        bytes.answer(exchange, file.get(), 0, request);
    }
}
