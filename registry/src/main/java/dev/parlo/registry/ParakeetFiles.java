package dev.parlo.registry;

import java.util.ArrayList;
import java.util.List;

/** Parakeet TDT as exported for ONNX Runtime; int8 files are used where there are no others. */
final class ParakeetFiles implements FamilyFiles {
    private static final String ENCODER = "encoder-model(\\.\\w+)?\\.onnx";
    private static final String DECODER = "decoder_joint-model(\\.\\w+)?\\.onnx";

    @Override
    public boolean recognises(RepositoryContents contents) {
        String type = contents.config().modelType();
        return hasEncoder(contents)
                && lacking(contents).isEmpty()
                // the same four names are those of NeMo's other transducers, too
                && (type.isEmpty() || type.endsWith("-tdt"));
    }

    private static boolean hasEncoder(RepositoryContents contents) {
        return contents.any(file -> file.matches(ENCODER));
    }

    @Override
    public List<String> wanted(RepositoryContents contents, String variant) {
        String kind = contents.has("encoder-model.onnx") ? "" : ".int8";
        String decoder = "decoder_joint-model" + kind + ".onnx";
        List<String> files = FamilyFiles.present(contents, "config.json", "vocab.txt");
        files.addAll(FamilyFiles.withWeights(contents, "encoder-model" + kind + ".onnx"));
        files.addAll(
                FamilyFiles.withWeights(
                        contents, contents.has(decoder) ? decoder : "decoder_joint-model.onnx"));
        return files;
    }

    @Override
    public List<String> lacking(RepositoryContents contents) {
        if (!hasEncoder(contents)) {
            return List.of();
        }
        List<String> lacking =
                new ArrayList<>(FamilyFiles.absent(contents, "config.json", "vocab.txt"));
        if (!contents.any(file -> file.matches(DECODER))) {
            lacking.add("decoder_joint-model.onnx");
        }
        return lacking;
    }
}
