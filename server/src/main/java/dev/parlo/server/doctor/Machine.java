package dev.parlo.server.doctor;

import com.sun.management.OperatingSystemMXBean;
import dev.parlo.engine.ByteAmount;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Java, the system, the processor and the memory, with the limits of a container. */
final class Machine {
    private static final long LEAST_MEMORY = 1L << 30;

    /** What makes 8-bit numbers fast, or correct at all, and what makes floats fast. */
    private static final Set<String> FEATURES =
            Set.of(
                    "avx2",
                    "fma",
                    "avx512f",
                    "avx512_vnni",
                    "avx_vnni",
                    "avx512_bf16",
                    "amx_int8",
                    "amx_bf16",
                    "asimd",
                    "asimddp",
                    "i8mm",
                    "bf16",
                    "sve");

    private final Path root;

    /**
     * @param root of the file system, in which {@code proc} and {@code sys} lie
     */
    Machine(Path root) {
        this.root = root;
    }

    Section look() {
        List<Finding> findings = new ArrayList<>();
        findings.add(java());
        findings.add(
                Finding.ok(
                        "system",
                        System.getProperty("os.name")
                                + " "
                                + System.getProperty("os.version")
                                + ", "
                                + System.getProperty("os.arch")));
        findings.add(processor());
        findings.add(memory());
        findings.add(container());
        findings.add(files());
        return new Section("Machine", findings);
    }

    private static Finding java() {
        String found =
                Runtime.version()
                        + ", "
                        + System.getProperty("java.vendor")
                        + ", "
                        + System.getProperty("java.home")
                        + ", heap up to "
                        + ByteAmount.text(Runtime.getRuntime().maxMemory());
        return Runtime.version().feature() >= 25
                ? Finding.ok("Java", found)
                : Finding.problem("Java", found, "Java 25 is needed; set PARLO_JAVA_HOME.");
    }

    private Finding processor() {
        int count = Runtime.getRuntime().availableProcessors();
        Optional<String> text = read("proc/cpuinfo");
        String model = text.flatMap(all -> first(all, "(?m)^model name\\s*:\\s*(.+)$")).orElse("");
        Set<String> features = new TreeSet<>();
        text.flatMap(all -> first(all, "(?m)^(?:flags|Features)\\s*:\\s*(.+)$"))
                .ifPresent(flags -> features.addAll(List.of(flags.split("\\s+"))));
        features.retainAll(FEATURES);
        String found =
                count
                        + (count == 1 ? " core" : " cores")
                        + (model.isEmpty() ? "" : " of " + model)
                        + (features.isEmpty() ? "" : ", " + String.join(" ", features));
        boolean x86 =
                System.getProperty("os.arch", "").toLowerCase(Locale.ROOT).contains("64")
                        && text.isPresent()
                        && text.get().contains("flags");
        if (x86 && !features.contains("avx512_vnni") && !features.contains("avx_vnni")) {
            return Finding.note(
                    "processor",
                    found,
                    "Without VNNI the weights of int8 are multiplied as floats, which is slower.");
        }
        return Finding.ok("processor", found);
    }

    private static Finding memory() {
        OperatingSystemMXBean system =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long total = system.getTotalMemorySize();
        String found =
                ByteAmount.text(total)
                        + ", "
                        + ByteAmount.text(system.getFreeMemorySize())
                        + " unused";
        return total >= LEAST_MEMORY
                ? Finding.ok("memory", found)
                : Finding.note("memory", found, "Models larger than tiny need 1 GiB or more.");
    }

    /** The limits of version 2 of control groups, else of version 1. */
    private Finding container() {
        List<String> limits = new ArrayList<>();
        read("sys/fs/cgroup/cpu.max")
                .map(text -> text.strip().split("\\s+"))
                .filter(parts -> parts.length == 2 && !parts[0].equals("max"))
                .ifPresent(parts -> limits.add(share(parts[0], parts[1])));
        Optional.ofNullable(
                        read("sys/fs/cgroup/memory.max")
                                .or(() -> read("sys/fs/cgroup/memory/memory.limit_in_bytes"))
                                .orElse(null))
                .map(String::strip)
                .filter(text -> text.matches("\\d{1,15}"))
                .map(Long::valueOf)
                .filter(bytes -> bytes < 1L << 50) // version 1 writes "no limit" as a number
                .ifPresent(bytes -> limits.add("memory " + ByteAmount.text(bytes)));
        read("sys/fs/cgroup/pids.max")
                .map(String::strip)
                .filter(text -> text.matches("\\d+"))
                .ifPresent(text -> limits.add(text + " threads"));
        boolean inside =
                Files.exists(root.resolve(".dockerenv"))
                        || Files.exists(root.resolve("run/.containerenv"))
                        || System.getenv("KUBERNETES_SERVICE_HOST") != null;
        return Finding.ok(
                "container",
                (inside ? "yes" : "none seen")
                        + (limits.isEmpty()
                                ? ", no limits"
                                : ", limited to " + String.join(", ", limits)));
    }

    private static String share(String quota, String period) {
        try {
            return String.format(
                    Locale.ROOT,
                    "%.2f cores",
                    Double.parseDouble(quota) / Double.parseDouble(period));
        } catch (NumberFormatException unknown) {
            return "cores " + quota + "/" + period;
        }
    }

    private Finding files() {
        String name = "open files";
        Optional<Long> most =
                read("proc/self/limits")
                        .flatMap(text -> first(text, "(?m)^Max open files\\s+(\\d{1,18})"))
                        .map(Long::valueOf);
        if (most.isEmpty()) {
            return Finding.ok(name, "no limit is known");
        }
        return most.get() >= 1024
                ? Finding.ok(name, "up to " + most.get())
                : Finding.note(
                        name,
                        "up to " + most.get(),
                        "Each connection is one; raise the limit (ulimit -n) to 1024 or more.");
    }

    private static Optional<String> first(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
    }

    private Optional<String> read(String file) {
        try {
            return Optional.of(Files.readString(root.resolve(file)));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
