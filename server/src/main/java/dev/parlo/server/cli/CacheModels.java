package dev.parlo.server.cli;

import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelStore;
import dev.parlo.registry.ModelTask;
import dev.parlo.registry.PartOfServer;
import dev.parlo.registry.cache.Download;
import dev.parlo.registry.cache.Subscription;
import dev.parlo.registry.hub.RegistryPage;
import dev.parlo.registry.hub.RegistryQuery;
import dev.parlo.registry.hub.RegistryQuery.Sort;
import dev.parlo.server.Settings;
import dev.parlo.server.device.Devices;
import dev.parlo.server.device.GpuLookup;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.LaxValues;
import dev.parlo.server.models.HubAccess;
import dev.parlo.server.models.ModelLibrary;
import dev.parlo.server.models.ModelView;
import dev.parlo.server.registry.Offers;
import dev.parlo.server.registry.RegistryView;
import dev.parlo.server.speech.SpeechPart;
import dev.parlo.server.suggestion.Room;
import dev.parlo.server.suggestion.SuggestionRoutes;
import dev.parlo.server.suggestion.Suggestions;
import dev.parlo.server.transcription.ComputeChoice;
import dev.parlo.server.vad.VoiceActivityPart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** The models in this machine's cache, and the Hub, without a server. Thread-safe. */
final class CacheModels implements ModelSource {
    /** As the server answers a list. */
    private record ModelList(List<ModelView> data, String object) {}

    private final ModelLibrary library;
    private final HubAccess hub;
    private final Settings settings;

    CacheModels(Settings settings, Path home) {
        this.settings = settings;
        ModelStore store;
        try (SpeechPart speech = new SpeechPart(settings, Devices.onCpu())) {
            List<PartOfServer> parts = new ArrayList<>(speech.partsOfServer());
            parts.addAll(new VoiceActivityPart(settings).partsOfServer());
            // Found as long as the library is open; what was found is remembered.
            for (PartOfServer part : parts) {
                var unused = part.model().get();
            }
            store = ModelLibrary.store(settings, home, parts);
        }
        library = ModelLibrary.open(settings, store);
        hub = new HubAccess(settings.hub(), store);
    }

    @Override
    public JsonNode registry(Map<String, String> query) {
        RegistryPage page =
                hub.registry()
                        .search(
                                new RegistryQuery(
                                        task(query),
                                        Objects.requireNonNullElse(query.get("q"), ""),
                                        Objects.requireNonNullElse(query.get("language"), ""),
                                        limit(query),
                                        sort(query)));
        return Json.mapper().valueToTree(RegistryView.of(page));
    }

    @Override
    public JsonNode suggestions(Map<String, String> query) {
        Devices devices = Devices.choose(settings, () -> GpuLookup.look(settings.gpu()));
        Suggestions suggestions =
                new Suggestions(
                        library,
                        hub,
                        ComputeChoice.memory(settings.whisper(), devices),
                        Room.of(settings.models(), devices));
        return Json.mapper().valueToTree(new SuggestionRoutes(suggestions).answer(query));
    }

    @Override
    public JsonNode offer(String name) {
        return Json.mapper().valueToTree(new Offers(hub.entries(), library).find(name));
    }

    @Override
    public JsonNode installed(Map<String, String> query) {
        Optional<ModelTask> task = task(query);
        return list(
                library.installed().stream()
                        .filter(model -> task.isEmpty() || task.get() == model.task())
                        .map(ModelView::installed)
                        .toList());
    }

    @Override
    public JsonNode show(String name) {
        return Json.mapper().valueToTree(ModelView.installed(library.require(name)));
    }

    @Override
    public String download(String name, Consumer<Progress> progress) {
        Download download = hub.downloader().start(library.resolve(name));
        try (Subscription subscription =
                download.subscribe(now ->
                        progress.accept(new Progress(now.file(), now.bytes(), now.totalBytes())))) {
            InstalledModel model = download.await();
            return download.alreadyInstalled()
                    ? "Model '" + model.id() + "' already exists"
                    : "Model '" + model.id() + "' downloaded";
        }
    }

    @Override
    public String delete(String name) {
        library.delete(library.resolve(name));
        return "Model '" + library.resolve(name) + "' deleted";
    }

    private static Optional<ModelTask> task(Map<String, String> query) {
        String tag = query.get("task");
        if (tag == null) {
            return Optional.empty();
        }
        return Optional.of(
                ModelTask.ofTag(tag)
                        .orElseThrow(() ->
                                CommandFailure.wrongValue(
                                        String.format(
                                                Locale.ROOT,
                                                "--task is '%s'; it is one of %s",
                                                tag,
                                                Arrays.toString(ModelTask.values())))));
    }

    private static int limit(Map<String, String> query) {
        String given = query.get("limit");
        if (given == null) {
            return 0;
        }
        Long limit = LaxValues.digits(given);
        if (limit == null || limit < 1 || limit > Integer.MAX_VALUE) {
            throw CommandFailure.wrongValue(
                    String.format(
                            Locale.ROOT,
                            "--limit is %s; give a whole number of at least 1",
                            given));
        }
        return limit.intValue();
    }

    private static Sort sort(Map<String, String> query) {
        String name = Objects.requireNonNullElse(query.get("sort"), "trending");
        return Arrays.stream(Sort.values())
                .filter(sort -> sort.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() ->
                        CommandFailure.wrongValue(
                                String.format(
                                        Locale.ROOT,
                                        "--sort is '%s'; it is one of %s",
                                        name,
                                        Arrays.toString(Sort.values()).toLowerCase(Locale.ROOT))));
    }

    private static JsonNode list(List<ModelView> models) {
        return Json.mapper().valueToTree(new ModelList(models, "list"));
    }

    @Override
    public void close() {
        hub.close();
    }
}
