package dev.parlo.registry;

import java.util.List;
import java.util.regex.Pattern;

/** Kokoro in ONNX with its voices, in one file or in a folder. */
final class KokoroFiles implements FamilyFiles {
    private static final Pattern GRAPH = Pattern.compile("[^/]*[Kk]okoro[^/]*\\.onnx");
    private static final Pattern VOICES =
            Pattern.compile("voices[^/]*\\.(?:bin|npz)|voices/[^/]+\\.(?:bin|pt)");

    @Override
    public boolean recognises(RepositoryContents contents) {
        return FamilyFiles.graph(contents, GRAPH).isPresent()
                && !contents.matching(VOICES).isEmpty();
    }

    @Override
    public List<String> wanted(RepositoryContents contents, String variant) {
        List<String> files =
                FamilyFiles.present(contents, "config.json", "tokenizer.json", "tokens.txt");
        FamilyFiles.graph(contents, GRAPH)
                .ifPresent(graph -> files.addAll(FamilyFiles.withWeights(contents, graph)));
        List<String> packs = packs(contents);
        files.addAll(packs.isEmpty() ? contents.matching(VOICES) : packs);
        return files;
    }

    @Override
    public List<String> lacking(RepositoryContents contents) {
        boolean graph = FamilyFiles.graph(contents, GRAPH).isPresent();
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
