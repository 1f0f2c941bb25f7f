package dev.parlo.server.doctor;

import dev.parlo.engine.ByteAmount;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelStore;
import dev.parlo.registry.RegistryException;
import dev.parlo.server.Settings;
import dev.parlo.server.models.ModelLibrary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is installed, and which aliases and models to preload mean something. */
record Models(Settings settings, Path home) {
    private static final int SHOWN = 12;

    Section look() {
        List<Finding> findings = new ArrayList<>();
        ModelStore store = ModelLibrary.store(settings, home);
        Map<String, List<String>> byTask = new TreeMap<>();
        long bytes = 0;
        for (InstalledModel model : store.list()) {
            byTask.computeIfAbsent(model.task().tag(), task -> new ArrayList<>())
                    .add(model.id().toString());
            bytes += model.sizeBytes();
        }
        if (byTask.isEmpty()) {
            findings.add(
                    Finding.note(
                            "installed",
                            "none",
                            "parlo registry ls lists models, parlo model download ID fetches one."));
        } else {
            findings.add(Finding.ok("installed", ByteAmount.text(bytes) + " together"));
            byTask.forEach((task, ids) -> findings.add(Finding.ok(task, few(ids))));
        }
        findings.add(aliases(store));
        for (String wanted : settings.models().preload()) {
            findings.add(preloaded(wanted));
        }
        return new Section("Models", findings);
    }

    private static String few(List<String> ids) {
        String shown = ids.stream().limit(SHOWN).collect(Collectors.joining(", "));
        return ids.size() > SHOWN ? shown + " and " + (ids.size() - SHOWN) + " more" : shown;
    }

    private Finding aliases(ModelStore store) {
        Path file = settings.files().aliases();
        try {
            Map<String, ModelId> aliases = ModelLibrary.open(settings, store).aliases();
            long installed =
                    aliases.values().stream().filter(id -> store.find(id).isPresent()).count();
            return Finding.ok(
                    "aliases",
                    aliases.size() + " in " + file + ", " + installed + " of installed models");
        } catch (RegistryException broken) {
            return Finding.problem(
                    "aliases", String.valueOf(broken.getMessage()), "See MODEL_ALIASES_PATH.");
        }
    }

    private Finding preloaded(String wanted) {
        try {
            ModelLibrary library = ModelLibrary.open(settings, home);
            return Finding.ok("to preload", library.require(wanted).id().toString());
        } catch (RegistryException missing) {
            return Finding.note("to preload", wanted, String.valueOf(missing.advice()));
        }
    }
}
