package dev.parlo.server.doctor;

import dev.parlo.engine.ByteAmount;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.kokoro.KokoroLexicons;
import dev.parlo.server.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The folders of the settings: whether they can be written, and how much room there is. */
record Folders(Settings settings) {
    private static final long LITTLE = 1L << 30;

    Section look() {
        List<Finding> findings = new ArrayList<>();
        findings.add(written("cache", "PARLO_CACHE_DIR", settings.files().cache(), false));
        findings.add(
                written("temporary files", "PARLO_TMP_DIR", settings.files().temporary(), true));
        findings.add(written("downloaded models", "HF_HUB_CACHE", settings.hub().cache(), false));
        settings.files().models().ifPresent(folder -> findings.add(models(folder)));
        findings.add(lexicons());
        return new Section("Folders", findings);
    }

    /**
     * @param required whether the program stops without it, or goes on with less
     */
    private static Finding written(String name, String setting, Path folder, boolean required) {
        Path existing = folder;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent(); // made when it is first written to
        }
        if (existing == null) {
            return Finding.problem(name, folder + " cannot be made", "See " + setting + ".");
        }
        String state = existing.equals(folder) ? "" : " (not made yet)";
        try {
            if (!Files.isDirectory(existing)) {
                return Finding.problem(
                        name, folder + ": " + existing + " is a file", "See " + setting + ".");
            }
            // What the rights say is not enough: a file system may be read-only or full.
            Files.delete(Files.createTempFile(existing, ".parlo-doctor-", ".tmp"));
            long free = Files.getFileStore(existing).getUsableSpace();
            String found =
                    folder + state + ", can be written, " + ByteAmount.text(free) + " are free";
            return free >= LITTLE
                    ? Finding.ok(name, found)
                    : Finding.note(name, found, "Models and their weights take gigabytes.");
        } catch (IOException failure) {
            String found = folder + state + " cannot be written (" + failure.getMessage() + ")";
            String advice =
                    String.format(
                            Locale.ROOT, "Change its rights, or name another in %s.", setting);
            return required
                    ? Finding.problem(name, found, advice)
                    : Finding.note(
                            name,
                            found,
                            advice + " What is there is used; the rest goes to PARLO_TMP_DIR.");
        }
    }

    private static Finding models(Path folder) {
        return Files.isDirectory(folder) && Files.isReadable(folder)
                ? Finding.ok("local models", folder.toString())
                : Finding.problem(
                        "local models",
                        folder + " is no folder that can be read",
                        "See MODELS_PATH.");
    }

    private Finding lexicons() {
        String name = "Kokoro's dictionaries";
        Optional<Path> folder = settings.speech().kokoroLexicons();
        if (folder.isEmpty()) {
            return Finding.ok(name, "none; espeak-ng spells every word (KOKORO_LEXICONS_PATH)");
        }
        try {
            KokoroLexicons lexicons = KokoroLexicons.in(folder.get());
            return Finding.ok(
                    name,
                    folder.get()
                            + ": "
                            + String.join(", ", lexicons.files())
                            + "; "
                            + lexicons.size(false)
                            + " American and "
                            + lexicons.size(true)
                            + " British words");
        } catch (EngineException wrong) {
            return Finding.problem(
                    name, String.valueOf(wrong.getMessage()), "See KOKORO_LEXICONS_PATH.");
        }
    }
}
