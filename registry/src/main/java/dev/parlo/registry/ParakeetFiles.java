package dev.parlo.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Parakeet TDT as exported for ONNX Runtime, in one or more precisions: {@code owner/name:int8}
 * names one, and int8 files are used where there are no others.
 */
final class ParakeetFiles implements FamilyFiles {
    private static final String STEM = "encoder-model";
    private static final Pattern ENCODER = Pattern.compile(STEM + "(\\.\\w+)?\\.onnx");
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
        return !contents.matching(ENCODER).isEmpty();
    }

    /** The precisions of the encoder; "" for the one that the repository's own id means. */
    @Override
    public List<String> variants(RepositoryContents contents) {
        return contents.matching(ENCODER).stream().map(ParakeetFiles::variantOf).sorted().toList();
    }

    @Override
    public boolean mayMeanAnother(RepositoryContents contents) {
        return !contents.has(STEM + ".onnx");
    }

    private static String variantOf(String encoder) {
        String rest = encoder.substring(STEM.length(), encoder.length() - ".onnx".length());
        return rest.isEmpty() ? "" : rest.substring(1);
    }

    @Override
    public List<String> wanted(RepositoryContents contents, String variant) {
        String kind = variant.isEmpty() ? "" : "." + variant;
        String decoder = "decoder_joint-model" + kind + ".onnx";
        List<String> files = FamilyFiles.present(contents, "config.json", "vocab.txt");
        files.addAll(FamilyFiles.withWeights(contents, STEM + kind + ".onnx"));
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
