package dev.parlo.registry;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** How the test Hub misbehaves now. Thread-safe. */
final class HubFaults {
    private record Armed(Fault fault, AtomicInteger left) {}

    private final List<Armed> faults = new CopyOnWriteArrayList<>();

    private CountDownLatch healed = new CountDownLatch(1);

    void add(Fault fault) {
        faults.add(new Armed(fault, new AtomicInteger(fault.times())));
    }

    /** Ends what waits, too: such a connection is cut. */
    synchronized void clear() {
        faults.clear();
        healed.countDown();
        healed = new CountDownLatch(1);
    }

    /** Is down when all faults end that were there when this was asked. */
    synchronized CountDownLatch healed() {
        return healed;
    }

    /** The fault of this kind for a path; it has happened once more then. */
    Optional<Fault> take(String path, Fault.Kind kind) {
        for (Armed armed : faults) {
            if (armed.fault().kind() == kind
                    && path.contains(armed.fault().path())
                    && armed.left().getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                return Optional.of(armed.fault());
            }
        }
        return Optional.empty();
    }

    /** Refuses a request where a fault says so; whether it did. */
    boolean refuse(HttpExchange exchange, String path) throws IOException {
        Optional<Fault> limit = take(path, Fault.Kind.RATE_LIMIT);
        Optional<Fault> hubLimit = take(path, Fault.Kind.HUB_LIMIT);
        Optional<Fault> status = take(path, Fault.Kind.STATUS);
        if (limit.isPresent()) {
            exchange.getResponseHeaders().set("Retry-After", String.valueOf(limit.get().value()));
            HubAnswers.refuse(exchange, 429, "", "rate limited");
        } else if (hubLimit.isPresent()) {
            exchange.getResponseHeaders()
                    .set("RateLimit", "\"api\";r=0;t=" + hubLimit.get().value());
            exchange.getResponseHeaders()
                    .set("RateLimit-Policy", "\"fixed window\";\"api\";q=500;w=300");
            HubAnswers.refuse(exchange, 429, "", "rate limited");
        } else if (status.isPresent()) {
            HubAnswers.refuse(exchange, (int) status.get().value(), "", "as told");
        } else {
            return false;
        }
        return true;
    }
}
