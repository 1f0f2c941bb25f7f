package dev.parlo.registry;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** How the test Hub misbehaves now. Thread-safe. */
final class HubFaults {
    private record Armed(Fault fault, AtomicInteger left) {}

    private final List<Armed> faults = new CopyOnWriteArrayList<>();

    void add(Fault fault) {
        faults.add(new Armed(fault, new AtomicInteger(fault.times())));
    }

    void clear() {
        faults.clear();
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
}
