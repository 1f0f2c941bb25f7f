package dev.parlo.server.suggestion;

import dev.parlo.engine.device.GpuReport.GpuState;
import dev.parlo.registry.ModelFamily;
import dev.parlo.server.Settings;
import dev.parlo.server.device.DeviceChoice;
import dev.parlo.server.device.Devices;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The memory of this machine that models may take.
 *
 * @param process of the process, together
 * @param source where that amount comes from, as the end of a sentence
 */
public record Room(long process, String source, Devices devices) {
    /**
     * @param bytes that one model may take
     * @param source where the amount comes from, as the end of a sentence
     */
    record Limit(long bytes, String source) {}

    /** As the settings and the machine have it. */
    public static Room of(Settings.Models models, Devices devices) {
        return new Room(
                models.memoryBudget(),
                models.memoryBudgetBytes() > 0
                        ? "MODEL_MEMORY_BUDGET"
                        : "half of this machine's memory, unless MODEL_MEMORY_BUDGET is set",
                devices);
    }

    /**
     * What a model of a family may take.
     *
     * @param gpu whether the family is computed on a GPU
     * @param asked what the user gave instead
     */
    Limit of(ModelFamily family, boolean gpu, OptionalLong asked) {
        if (asked.isPresent()) {
            return new Limit(asked.getAsLong(), "as asked");
        }
        if (!gpu) {
            return new Limit(process, source);
        }
        DeviceChoice choice = family.isWhisperCheckpoint() ? devices.whisper() : devices.kokoro();
        Map<Integer, GpuState> gpus =
                devices.report().gpus().stream()
                        .collect(Collectors.toMap(GpuState::index, Function.identity()));
        // a model is loaded on each of them
        return choice.gpus().stream()
                .map(used -> gpus.get(used.index()))
                .filter(Objects::nonNull)
                .mapToLong(GpuState::memoryBytes)
                .min()
                .stream()
                .mapToObj(bytes -> new Limit(bytes, "the memory of " + choice.label()))
                .findFirst()
                .orElse(new Limit(process, source));
    }
}
