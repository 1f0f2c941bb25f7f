package dev.parlo.registry;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A model of one ONNX graph whose usual name, {@code model.onnx}, says nothing: it is recognised by
 * a name of its own, by config.json's {@code model_type}, else by the words of the id and the card.
 *
 * @param ownName what the graph is called where it is not {@code model.onnx}
 * @param ownNameTells whether that name alone tells the family
 * @param modelTypes what config.json calls it
 * @param words what ids and tags of this family hold
 */
record GraphFiles(
        Pattern ownName, boolean ownNameTells, List<String> modelTypes, List<String> words)
        implements FamilyFiles {
    @Override
    public boolean recognises(RepositoryContents contents) {
        return FamilyFiles.graph(contents, ownName).isPresent()
                && ((ownNameTells && !contents.matching(ownName).isEmpty())
                        || modelTypes.contains(contents.config().modelType())
                        || words.stream().anyMatch(contents::mentions));
    }

    @Override
    public List<String> wanted(RepositoryContents contents, String variant) {
        List<String> files =
                FamilyFiles.present(
                        contents, "config.json", "config.yaml", "preprocessor_config.json");
        FamilyFiles.graph(contents, ownName)
                .ifPresent(graph -> files.addAll(FamilyFiles.withWeights(contents, graph)));
        return files;
    }
}
