package dev.parlo.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Kokoro in ONNX with its voices, in one file or in a folder. {@code owner/name:q8f16} names
 * another precision than the full one.
 */
final class KokoroFiles implements FamilyFiles {
    private static final Pattern GRAPH = Pattern.compile("[^/]*[Kk]okoro[^/]*\\.onnx");
    private static final Pattern VOICES =
            Pattern.compile("voices[^/]*\\.(?:bin|npz)|voices/[^/]+\\.(?:bin|pt)");

    /** The other precisions of the full graph, such as {@code onnx/model_q8f16.onnx}. */
    private static final Pattern VARIANT = Pattern.compile("(?:onnx/)?model_(\\w+)\\.onnx");

    @Override
    public boolean recognises(RepositoryContents contents) {
        return (FamilyFiles.graph(contents, GRAPH).isPresent()
                        || !contents.matching(VARIANT).isEmpty())
                && !contents.matching(VOICES).isEmpty();
    }

    @Override
    public List<String> variants(RepositoryContents contents) {
        List<String> variants =
                new ArrayList<>(
                        contents.matching(VARIANT).stream().map(KokoroFiles::variantOf).toList());
        if (FamilyFiles.graph(contents, GRAPH).isPresent()) {
            variants.addFirst("");
        }
        return variants;
    }

    private static String variantOf(String graph) {
        return graph.substring(
                graph.indexOf("model_") + "model_".length(), graph.length() - ".onnx".length());
    }

    @Override
    public boolean mayMeanAnother(RepositoryContents contents) {
        return FamilyFiles.graph(contents, GRAPH).isEmpty();
    }

    @Override
    public List<String> wanted(RepositoryContents contents, String variant) {
        List<String> files =
                FamilyFiles.present(contents, "config.json", "tokenizer.json", "tokens.txt");
        Optional<String> found =
                variant.isEmpty()
                        ? FamilyFiles.graph(contents, GRAPH)
                        : contents.matching(VARIANT).stream()
                                .filter(graph -> variantOf(graph).equals(variant))
                                .findFirst();
        found.ifPresent(graph -> files.addAll(FamilyFiles.withWeights(contents, graph)));
        List<String> packs = packs(contents);
        files.addAll(packs.isEmpty() ? contents.matching(VOICES) : packs);
        return files;
    }

    @Override
    public List<String> lacking(RepositoryContents contents) {
        boolean graph = !variants(contents).isEmpty();
        boolean voices = !contents.matching(VOICES).isEmpty();
        boolean named = contents.mentions("kokoro") || !contents.matching(GRAPH).isEmpty();
        if (!named || graph == voices) {
            return List.of();
        }
        return graph ? List.of("voices.bin (or voices/NAME.bin)") : List.of("model.onnx");
    }

    /** A folder of voices may be any part of the published ones. */
    @Override
    public boolean mayHoldMore(RepositoryContents contents) {
        return packs(contents).isEmpty();
    }

    private static List<String> packs(RepositoryContents contents) {
        return contents.matching(VOICES).stream()
                .filter(file -> !file.startsWith("voices/"))
                .toList();
    }
}
