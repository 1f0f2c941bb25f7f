package dev.parlo.server.device;

import dev.parlo.engine.Placement;
import dev.parlo.engine.cuda.Gpus;
import dev.parlo.engine.device.GpuHealth;
import dev.parlo.engine.device.GpuReport;
import dev.parlo.server.Setting;
import dev.parlo.server.Settings;
import dev.parlo.server.SettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Where each family of models is computed, chosen once at start. What has no choice here, such as
 * voice activity, is computed on the processor. Thread-safe.
 *
 * @param report what was known of the GPUs at the start
 * @param health which of them have failed since
 * @param gpus those that are computed on, opened when they are first used and until the process
 *     ends
 */
public record Devices(
        GpuReport report, GpuHealth health, DeviceChoice whisper, DeviceChoice kokoro, Gpus gpus) {
    private static final String NOT_ASKED = "GPUs were not looked for: no model is to use one.";

    /** Everything on the processor. */
    public static Devices onCpu() {
        return new Devices(
                GpuReport.none(NOT_ASKED),
                new GpuHealth(),
                DeviceChoice.cpu("as set"),
                DeviceChoice.cpu("as set"),
                Gpus.none());
    }

    /**
     * Chooses as the settings ask.
     *
     * @param probe looks at the GPUs; not asked where no family may use one
     * @throws SettingsException where a GPU is asked for that cannot be used, with the reason
     */
    public static Devices choose(Settings settings, Supplier<GpuReport> probe) {
        DeviceSetting whisper = settings.whisper().device();
        DeviceSetting kokoro = settings.speech().kokoroDevice();
        boolean asked =
                whisper.choice() != DeviceSetting.Choice.CPU
                        || kokoro.choice() != DeviceSetting.Choice.CPU;
        GpuReport report = asked ? probe.get() : GpuReport.none(NOT_ASKED);
        List<String> problems = new ArrayList<>();
        Devices devices =
                new Devices(
                        report,
                        new GpuHealth(),
                        choose(
                                Setting.WHISPER__INFERENCE_DEVICE,
                                whisper,
                                report::refusal,
                                problems),
                        choose(
                                Setting.KOKORO__INFERENCE_DEVICE,
                                kokoro,
                                report::refusalOfConvolutions,
                                problems),
                        Gpus.ofMachine());
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return devices;
    }

    private static DeviceChoice choose(
            Setting setting,
            DeviceSetting asked,
            IntFunction<Optional<String>> refusal,
            List<String> problems) {
        if (asked.choice() == DeviceSetting.Choice.CPU) {
            return DeviceChoice.cpu("as set");
        }
        List<Placement.Cuda> usable = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        for (int index : asked.indices()) {
            refusal.apply(index)
                    .ifPresentOrElse(refusals::add, () -> usable.add(new Placement.Cuda(index)));
        }
        if (asked.choice() == DeviceSetting.Choice.AUTO) {
            return usable.isEmpty()
                    ? DeviceChoice.cpu(refusals.getFirst())
                    : new DeviceChoice(usable, "the fastest that can be used");
        }
        for (String why : refusals.stream().distinct().toList()) {
            problems.add(
                    String.format(
                            Locale.ROOT,
                            "%s: got cuda, which cannot be used: %s Accepted: auto, which takes"
                                    + " the processor then, or cpu.",
                            setting.variable(),
                            why));
        }
        return new DeviceChoice(usable, "as set");
    }

    /** Where each family is computed and why, for the log. */
    public List<String> lines() {
        return List.of(
                "Whisper is computed on " + whisper.label() + ": " + whisper.reason(),
                "Kokoro is computed on " + kokoro.label() + ": " + kokoro.reason());
    }

    /** A family whose GPUs have all failed. */
    public Optional<String> outOfOrder() {
        if (isOut(whisper)) {
            return Optional.of("Whisper");
        }
        return isOut(kokoro) ? Optional.of("Kokoro") : Optional.empty();
    }

    private boolean isOut(DeviceChoice choice) {
        return choice.onGpu() && choice.gpus().stream().allMatch(health::isLost);
    }

    /** Whether ONNX Runtime's libraries for GPUs are to be loaded. */
    public boolean anyGpu() {
        return whisper.onGpu() || kokoro.onGpu();
    }
}
