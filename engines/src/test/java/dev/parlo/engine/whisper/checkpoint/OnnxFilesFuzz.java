package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.fuzz.FuzzInput;
import dev.parlo.engine.onnx.OnnxGraph;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A graph of Whisper exported to ONNX: what is looked for in it, and what is read of it. */
public final class OnnxFilesFuzz {
    private static final byte[] WHOLE = whole();

    private OnnxFilesFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput.asFile(
                FuzzInput.rawOrPatched(input, WHOLE),
                "decoder_model_merged.onnx",
                file -> {
                    try (Arena arena = Arena.ofConfined()) {
                        ExportedPart part =
                                new ExportedPart(
                                        "decoder_model_merged.onnx",
                                        OnnxGraph.read(file, arena),
                                        "decoder");
                        for (String module :
                                List.of("embed_tokens", "layer_norm", "layers.0.fc1")) {
                            part.find("decoder." + module + ".weight")
                                    .ifPresent(OnnxFilesFuzz::read);
                            part.find("decoder." + module + ".bias").ifPresent(OnnxFilesFuzz::read);
                        }
                        part.find("decoder.layers.0.self_attn.k_proj.weight")
                                .ifPresent(OnnxFilesFuzz::read);
                    } catch (EngineException refused) {
                        FuzzInput.refused(refused, EngineException.Category.BAD_MODEL);
                    }
                });
    }

    private static void read(ExportedTensor tensor) {
        int[] shape = new int[tensor.stored().dims().length];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = (int) Math.clamp(tensor.stored().dims()[i], 0, 1 << 16);
        }
        if (tensor.transposed() && shape.length == 2) {
            int rows = shape[1];
            shape[1] = shape[0];
            shape[0] = rows;
        }
        Variable variable = tensor.as(shape);
        if (variable.rank() > 0 && variable.rows() > 0) {
            variable.toFloats();
        }
    }

    private static byte[] whole() {
        byte[][] bytes = new byte[1][];
        FuzzInput.asFile(new byte[0], "begin", file -> bytes[0] = decoder(file.resolveSibling("")));
        return bytes[0];
    }

    private static byte[] decoder(Path folder) throws IOException {
        new OnnxWriter(
                        SmallCheckpoint.write(folder, 1),
                        new OnnxWriter.Form("INT8", true, false, true))
                .write(folder);
        return Files.readAllBytes(folder.resolve("onnx/decoder_model_merged_int8.onnx"));
    }
}
