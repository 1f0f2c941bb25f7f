package dev.parlo.registry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The files of one family of models: how they are recognised, and which of them are needed. */
interface FamilyFiles {
    /** Whether a repository is of this family. */
    boolean recognises(RepositoryContents contents);

    /**
     * The files to use of a repository that is of this family, without its card.
     *
     * @param variant one of {@link #variants}, chosen by {@link Variants}; "" where there are none
     */
    List<String> wanted(RepositoryContents contents, String variant);

    /**
     * What a folder that began to be of this family has not got; empty where it is complete or has
     * nothing of this family.
     */
    default List<String> lacking(RepositoryContents contents) {
        return List.of();
    }

    /**
     * Whether the repository may hold more wanted files than these, although these can be loaded: a
     * download that was broken off may have left just those.
     */
    default boolean mayHoldMore(RepositoryContents contents) {
        return false;
    }

    /**
     * Whether the repository's own id may mean a variant that is not here, although one that is
     * here stands for it.
     */
    default boolean mayMeanAnother(RepositoryContents contents) {
        return false;
    }

    /**
     * The variants of a repository that may hold several checkpoints, "" for the one that has no
     * name of its own; empty in other families.
     */
    default List<String> variants(RepositoryContents contents) {
        return List.of();
    }

    /**
     * What several variants are called of which a plain id means none; "" where it means the first.
     */
    default String namedVariants() {
        return "";
    }

    /** Those of the names that are there. */
    static List<String> present(RepositoryContents contents, String... files) {
        return new ArrayList<>(Arrays.stream(files).filter(contents::has).toList());
    }

    /** Those of the names that are not there. */
    static List<String> absent(RepositoryContents contents, String... files) {
        return Arrays.stream(files).filter(file -> !contents.has(file)).toList();
    }

    /** A graph and the weights that are usually named after it when they lie beside it. */
    static List<String> withWeights(RepositoryContents contents, String graph) {
        return present(contents, graph, graph + ".data", graph + "_data");
    }

    /** {@code model.onnx}, {@code onnx/model.onnx}, or the first file of another name. */
    static Optional<String> graph(RepositoryContents contents, Pattern otherwise) {
        for (String usual : List.of("model.onnx", "onnx/model.onnx")) {
            if (contents.has(usual)) {
                return Optional.of(usual);
            }
        }
        return contents.matching(otherwise).stream().findFirst();
    }
}
