package dev.parlo.server.models;

import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Downloads what is missing of {@code PRELOAD_MODELS} and loads them, one after the other. A model
 * that cannot be had does not keep the others from it. Thread-safe.
 */
public final class Preloader {
    private static final Logger LOG = LoggerFactory.getLogger(Preloader.class);

    private final List<String> names;
    private final ModelLibrary library;
    private final ModelEngines engines;
    private final Consumer<ModelId> installer;
    private final Map<String, String> failures = new ConcurrentHashMap<>();
    private final AtomicBoolean done = new AtomicBoolean();

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
            if (Thread.currentThread().isInterrupted()) {
                break;
            }
            try {
                load(name);
            } catch (RuntimeException failure) {
                LOG.error("'{}' of PRELOAD_MODELS is not loaded: {}", name, failure.getMessage());
                LOG.debug("Preloading '{}' failed", name, failure);
                failures.put(name, String.valueOf(failure.getMessage()));
            }
        }
        done.set(true);
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
        engines.load(library.require(name), null);
    }

    /** Whether all were tried. */
    public boolean isDone() {
        return done.get() || names.isEmpty();
    }

    /** Models that could not be loaded, with the reasons, in the order of the setting. */
    public Map<String, String> failures() {
        Map<String, String> ordered = new LinkedHashMap<>();
        for (String name : names) {
            String reason = failures.get(name);
            if (reason != null) {
                ordered.put(name, reason);
            }
        }
        return ordered;
    }
}
