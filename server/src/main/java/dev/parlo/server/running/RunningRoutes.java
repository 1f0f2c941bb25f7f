package dev.parlo.server.running;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.pool.EngineStatus;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.engine.pool.UnloadResult;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.server.device.Devices;
import dev.parlo.server.device.DevicesView;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Json;
import dev.parlo.server.models.ModelEngines;
import dev.parlo.server.models.ModelLibrary;
import dev.parlo.server.models.StandIns;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/ps}: Speaches' list of loaded models with more about each, loading and unloading.
 * Thread-safe.
 */
public final class RunningRoutes {
    private record RunningList(
            List<String> models, List<RunningModel> details, DevicesView devices) {}

    /**
     * The times are ISO 8601 in UTC; {@code expires_at} is null for never and while in use. {@code
     * error} is there only with the state {@code failed}.
     */
    private record RunningModel(
            String id,
            String state,
            long sizeBytes,
            long deviceBytes,
            String device,
            String computeType,
            String runtime,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Integer> nodes,
            int leases,
            boolean pinned,
            @Nullable Long keepAliveSeconds,
            @Nullable String loadedAt,
            @Nullable String expiresAt,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String error) {
        static RunningModel of(EngineStatus<ModelId> status) {
            EngineFacts facts = status.facts();
            return new RunningModel(
                    status.key().toString(),
                    status.state().name().toLowerCase(Locale.ROOT),
                    status.sizeBytes(),
                    facts == null ? 0 : facts.deviceBytes(),
                    facts == null ? "" : facts.device(),
                    facts == null ? "" : facts.computeType().label(),
                    facts == null ? "" : facts.runtime(),
                    facts == null ? Map.of() : new TreeMap<>(facts.nodes()),
                    status.leases(),
                    status.pinned(),
                    status.keepAlive().time().toSeconds(),
                    text(status.loadedAt()),
                    text(status.expiresAt()),
                    null);
        }

        static RunningModel failed(String id, String reason) {
            return new RunningModel(
                    id, "failed", 0, 0, "", "", "", Map.of(), 0, false, null, null, null, reason);
        }

        private static @Nullable String text(@Nullable Instant instant) {
            return instant == null ? null : instant.toString();
        }
    }

    private record Message(String message) {}

    private final ModelLibrary library;
    private final ModelEngines engines;
    private final Supplier<Map<String, String>> failed;
    private final Devices devices;
    private final StandIns standIns;

    /**
     * @param failed ids of models that should be in memory and are not, with the reasons
     */
    public RunningRoutes(
            ModelLibrary library,
            ModelEngines engines,
            Supplier<Map<String, String>> failed,
            Devices devices,
            StandIns standIns) {
        this.standIns = standIns;
        this.library = library;
        this.engines = engines;
        this.failed = failed;
        this.devices = devices;
    }

    public void register(RoutesConfig routes) {
        routes.get("/api/ps", this::list);
        routes.post("/api/ps/<model_id>", this::load);
        routes.delete("/api/ps/<model_id>", this::unload);
    }

    private void list(Context ctx) {
        List<RunningModel> details =
                new ArrayList<>(engines.list().stream().map(RunningModel::of).toList());
        List<String> models = details.stream().map(RunningModel::id).toList();
        failed.get().forEach((id, reason) -> details.add(RunningModel.failed(id, reason)));
        Json.respond(ctx, new RunningList(models, details, DevicesView.of(devices)));
    }

    private void load(Context ctx) {
        Fields query = Fields.query(ctx);
        KeepAlive keepAlive = null;
        String time = query.text("keep_alive");
        try {
            keepAlive = time == null ? null : KeepAlive.parse(time);
        } catch (IllegalArgumentException unreadable) {
            query.reject("keep_alive", String.valueOf(unreadable.getMessage()));
        }
        boolean pinGiven = query.text("pin") != null;
        boolean pin = query.bool("pin", false);
        query.check();
        InstalledModel model = model(ctx.pathParam("model_id"));
        if (!engines.runs(model.family())) {
            answer(ctx, 404, String.format(Locale.ROOT, "Model '%s' not supported.", model.id()));
            return;
        }
        switch (engines.load(model, keepAlive, pinGiven ? pin : null)) {
            case LOADED -> answer(ctx, 201, "Model '" + model.id() + "' loaded.");
            case CHANGED ->
                    answer(
                            ctx,
                            200,
                            "Model '" + model.id() + "' was loaded already; its stay is changed.");
            // As Speaches answers, which knows nothing but the plain call.
            case UNCHANGED -> answer(ctx, 409, "Model '" + model.id() + "' is already loaded.");
        }
    }

    /** The installed model of a name, or the one that answers for it. */
    private InstalledModel model(String name) {
        try {
            return library.require(name);
        } catch (RegistryException missing) {
            if (missing.category() != RegistryException.Category.NOT_FOUND) {
                throw missing;
            }
            return standIns.of(name).orElseThrow(() -> missing);
        }
    }

    private void unload(Context ctx) {
        String name = ctx.pathParam("model_id");
        ModelId id =
                library.find(name)
                        .or(() -> standIns.of(name))
                        .map(InstalledModel::id)
                        .orElseGet(() -> library.resolve(name));
        switch (engines.unload(id)) {
            case UnloadResult.Unloaded done ->
                    answer(ctx, 200, String.format(Locale.ROOT, "Model %s unloaded.", id));
            case UnloadResult.InUse use ->
                    answer(
                            ctx,
                            409,
                            String.format(
                                    Locale.ROOT,
                                    "Model %s is still in use. self.ref_count=%d",
                                    id,
                                    use.leases()));
            case UnloadResult.NotLoaded none ->
                    answer(ctx, 404, String.format(Locale.ROOT, "Model %s is not loaded.", id));
        }
    }

    private static void answer(Context ctx, int status, String message) {
        ctx.status(status);
        Json.respond(ctx, new Message(message));
    }
}
