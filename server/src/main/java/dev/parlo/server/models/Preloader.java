package dev.parlo.server.models;

import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Downloads what is missing of {@code PRELOAD_MODELS} and loads them, one after the other. A model
 * that cannot be had does not keep the others from it. Thread-safe.
 */
public final class Preloader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Preloader.class);

    private final List<String> names;
    private final ModelLibrary library;
    private final ModelEngines engines;
    private final Consumer<ModelId> installer;
    private final Map<String, String> failures = new ConcurrentHashMap<>();
    private final AtomicBoolean done = new AtomicBoolean();
    private volatile boolean closed;

    /**
     * @param installer downloads a model, or fails with a {@link RegistryException}
     */
    public Preloader(
            List<String> names,
            ModelLibrary library,
            ModelEngines engines,
            Consumer<ModelId> installer) {
        this.names = List.copyOf(names);
        this.library = library;
        this.engines = engines;
        this.installer = installer;
    }

    /** Loads all; blocks. */
    public void run() {
        for (String name : names) {
            if (closed || Thread.currentThread().isInterrupted()) {
                break;
            }
            try {
                load(name);
            } catch (RuntimeException | Error failure) { // readiness waits for the others
                if (closed) {
                    break; // the server's end ended the load
                }
                LOG.error("'{}' of PRELOAD_MODELS is not loaded: {}", name, failure.getMessage());
                LOG.debug("Preloading '{}' failed", name, failure);
                failures.put(name, String.valueOf(failure.getMessage()));
            }
        }
        done.set(true);
    }

    /** Begins no further load; the one under way ends with the engines. */
    @Override
    public void close() {
        closed = true;
    }

    private void load(String name) {
        ModelId id = library.resolve(name);
        if (library.find(name).isEmpty()) {
            try {
                installer.accept(id);
            } catch (RegistryException failure) {
                if (failure.category() != Category.OFFLINE) {
                    throw failure;
                }
                library.require(name); // says that it is not installed and how to install it
            }
        }
        engines.load(library.require(name), null, null);
    }

    /** Whether all were tried. */
    public boolean isDone() {
        return done.get() || names.isEmpty();
    }

    /**
     * Models that could not be loaded, as the setting names them and in its order, with the
     * reasons.
     */
    public Map<String, String> failures() {
        Map<String, String> ordered = new LinkedHashMap<>();
        for (String name : names) {
            String reason = failures.get(name);
            if (reason != null) {
                ordered.put(name, reason);
            }
        }
        return Collections.unmodifiableMap(ordered);
    }

    /** The same by model id, without the models that are in memory after all. */
    public Map<String, String> missing() {
        Set<String> loaded =
                engines.list().stream()
                        .map(status -> status.key().toString())
                        .collect(Collectors.toSet());
        Map<String, String> missing = new LinkedHashMap<>();
        failures()
                .forEach((name, reason) -> {
                    String id = id(name);
                    if (!loaded.contains(id)) {
                        missing.put(id, reason);
                    }
                });
        return Collections.unmodifiableMap(missing);
    }

    private String id(String name) {
        try {
            return library.resolve(name).toString();
        } catch (RegistryException noId) {
            return name; // that was the reason
        }
    }
}
