package dev.parlo.server.wyoming;

import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelTask;
import dev.parlo.registry.SpeechVoices;
import dev.parlo.server.models.ModelLibrary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The voices of all speech models, each under a name that no other one has. Thread-safe. */
final class WyomingVoices {
    /**
     * @param name that clients choose it by
     * @param id in its model
     * @param language such as {@code en-US}
     */
    record Voice(String name, String model, String id, String language, String description) {}

    private final ModelLibrary library;

    WyomingVoices(ModelLibrary library) {
        this.library = library;
    }

    /** Those of models that were installed come before those that came with the program. */
    List<Voice> all() {
        List<Voice> voices = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<InstalledModel> models =
                library.installed(ModelTask.TEXT_TO_SPEECH).stream()
                        .sorted(
                                Comparator.comparing(
                                        m -> m.origin() == InstalledModel.Origin.BUILT_IN))
                        .toList();
        for (InstalledModel model : models) {
            String id = model.id().toString();
            for (SpeechVoices.Voice voice : model.card().voices()) {
                String name = names.add(voice.id()) ? voice.id() : id + "/" + voice.id();
                voices.add(
                        new Voice(
                                name,
                                id,
                                voice.id(),
                                tag(voice.language()),
                                voice.name() + " (" + model.id().name() + ")"));
            }
        }
        return voices;
    }

    /**
     * The voice of a name, or else the first one that speaks a language.
     *
     * @param name empty for any
     * @param language empty for any
     */
    Optional<Voice> find(String name, String language) {
        List<Voice> all = all();
        Optional<Voice> named = all.stream().filter(voice -> voice.name().equals(name)).findFirst();
        if (named.isPresent() || language.isEmpty()) {
            return named;
        }
        String wanted = language.replace('_', '-').toLowerCase(Locale.ROOT);
        return all.stream()
                .filter(voice -> voice.language().toLowerCase(Locale.ROOT).equals(wanted))
                .findFirst()
                .or(() ->
                        all.stream()
                                .filter(voice -> primary(voice.language()).equals(primary(wanted)))
                                .findFirst());
    }

    /**
     * As Home Assistant writes languages, so that {@code en-us} and {@code en_US} are one group.
     */
    private static String tag(String language) {
        String written = language.replace('_', '-');
        String tag = Locale.forLanguageTag(written).toLanguageTag();
        return tag.equals("und") ? written : tag;
    }

    private static String primary(String language) {
        return language.toLowerCase(Locale.ROOT).split("-", 2)[0];
    }
}
