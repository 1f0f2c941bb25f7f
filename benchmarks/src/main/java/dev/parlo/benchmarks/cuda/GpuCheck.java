package dev.parlo.benchmarks.cuda;

import dev.parlo.benchmarks.Shape;
import dev.parlo.engine.Cancellation;
import dev.parlo.engine.device.GpuProbe;
import dev.parlo.engine.onnx.OnnxEnvironment;
import dev.parlo.engine.onnx.OnnxNatives;
import dev.parlo.engine.whisper.WhisperEngine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.ObjectMapper;

/**
 * The process of one check: prints what it found as one line of JSON behind a mark.
 *
 * <p>Arguments: {@code gpu} or {@code cpu}, home, data, natives, the check's name or {@code model
 * SHAPE}, folders of CUDA's libraries.
 */
public final class GpuCheck {
    static final String MARK = "gpu-check ";

    private GpuCheck() {}

    public static void main(String[] arguments) throws Exception {
        Bench bench =
                new Bench(
                        arguments[0].equals("cpu"), Path.of(arguments[1]), Path.of(arguments[2]));
        Path natives = Path.of(arguments[3]);
        List<Path> folders = Stream.of(arguments).skip(5).map(Path::of).toList();
        OnnxNatives.loadFrom(natives);
        Findings findings = new Findings();
        if (arguments[4].startsWith("model ")) {
            Shape shape = Shape.of(arguments[4].substring("model ".length()));
            WhisperEngine.convert(
                    bench.checkpoint(shape),
                    bench.type(),
                    Bench.GPU,
                    bench.cache(),
                    new Cancellation());
        } else {
            if (!bench.rehearsal()) {
                GpuProbe.loadLibraries(natives, folders);
            }
            var unused = OnnxEnvironment.get();
            for (Checks.Planned planned : Checks.of(bench, natives, folders).list()) {
                if (planned.name().equals(arguments[4])) {
                    planned.check().run(bench, findings);
                }
            }
        }
        String line = "\n" + MARK + new ObjectMapper().writeValueAsString(findings.lines()) + "\n";
        System.out.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        System.out.flush();
        // Without the exit hooks of libraries that are done with.
        Runtime.getRuntime().halt(0);
    }
}
