package dev.parlo.registry;

import dev.parlo.registry.InstalledModel.Origin;
import dev.parlo.registry.RepositoryReader.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Judges the files of one folder: which models they are, and what is missing. A file that the
 * repository is known to hold counts as part of the model also where it is not there, so that a
 * download that was broken off is not taken for a smaller model.
 *
 * @param revision the commit of a cached snapshot, "" for a plain folder
 * @param listing the files of that commit, where huggingface_hub noted them, or those fetched
 */
record ModelFolder(
        ModelId id,
        Path folder,
        Origin origin,
        String revision,
        Optional<TreeListing> listing,
        FolderScan scan) {
    private static final int LONGEST_CARD = 4 << 20;

    Reading read() throws IOException {
        FrontMatter head = head();
        RepositoryContents contents = new RepositoryContents(id, known(), tags(head), this::start);
        Optional<ModelFamily> found = ModelFamily.of(contents);
        if (found.isEmpty()) {
            return Reading.of(id, whyNone(contents), scan.folders());
        }
        ModelFamily family = found.get();
        List<InstalledModel> models = new ArrayList<>();
        Set<ModelId> perhapsIncomplete = new HashSet<>();
        Map<ModelId, Unusable> unusable = new HashMap<>();
        List<ModelId> ids = family.ids(contents);
        Map<ModelId, ModelId> otherNames = Variants.otherNames(contents, ids);
        for (ModelId each : ids) {
            RepositoryContents named = contents.named(each);
            Set<String> wanted = wanted(family, named);
            Optional<Unusable> flaw = flaw(wanted);
            if (flaw.isPresent()) {
                // of many checkpoints, one whose download has not begun is not installed, and not
                // unfinished
                if (each.variant().isEmpty() || wanted.stream().anyMatch(this::isBegun)) {
                    unusable.put(each, flaw.get());
                }
                continue;
            }
            models.add(model(each, family, wanted, head));
            if (origin == Origin.CACHE
                    && (listing.isEmpty() && family.mayHoldMore(named)
                            || family.mayMeanAnother(named))) {
                perhapsIncomplete.add(each);
            }
        }
        return new Reading(models, perhapsIncomplete, otherNames, unusable, scan.folders());
    }

    /** Every file that the repository is known to hold, here or not. */
    private List<String> known() {
        Set<String> names = new TreeSet<>(scan.files().keySet());
        names.addAll(scan.dangling());
        names.addAll(scan.outside());
        listing.ifPresent(tree -> names.addAll(tree.sizes().keySet()));
        return List.copyOf(names);
    }

    private byte[] start(String file, int most) {
        return scan.files().containsKey(file)
                ? RepositoryReader.start(folder.resolve(file), most)
                : new byte[0];
    }

    /** The files a model needs, with those in which its graphs keep their weights. */
    private Set<String> wanted(ModelFamily family, RepositoryContents contents) throws IOException {
        Set<String> wanted = new TreeSet<>(family.wanted(contents));
        for (String file : List.copyOf(wanted)) {
            if (file.endsWith(".onnx") && scan.files().containsKey(file)) {
                String beside = file.substring(0, file.lastIndexOf('/') + 1);
                ExternalWeights.of(folder.resolve(file))
                        .forEach(weights -> wanted.add(beside + weights));
            }
        }
        return wanted;
    }

    private Optional<Unusable> flaw(Set<String> wanted) {
        List<String> outside = wanted.stream().filter(scan.outside()::contains).toList();
        if (!outside.isEmpty()) {
            return Optional.of(
                    new Unusable.Broken(
                            "its file "
                                    + quoted(outside)
                                    + " is a link that leads out of the folder models are read"
                                    + " from"));
        }
        List<String> missing = wanted.stream().filter(file -> !isWhole(file)).toList();
        return missing.isEmpty() ? Optional.empty() : Optional.of(incomplete(missing));
    }

    private boolean isBegun(String file) {
        return scan.files().containsKey(file)
                || scan.dangling().contains(file)
                || scan.outside().contains(file);
    }

    private boolean isWhole(String file) {
        Long size = scan.files().get(file);
        if (size == null) {
            return false;
        }
        long announced = listing.map(tree -> tree.sizes().getOrDefault(file, -1L)).orElse(-1L);
        return announced < 0 || announced == size;
    }

    /** In the cache a download completes it; a folder of the operator is not changed. */
    private Unusable incomplete(List<String> missing) {
        return origin == Origin.CACHE
                ? new Unusable.Unfinished(missing)
                : new Unusable.Broken("it lacks " + quoted(missing));
    }

    private Unusable whyNone(RepositoryContents contents) {
        Long config = scan.files().get("config.json");
        boolean holdsWeights =
                contents.any(file ->
                        file.endsWith(".bin")
                                || file.endsWith(".onnx")
                                || file.endsWith(".safetensors"));
        if (holdsWeights && config != null && !contents.config().readable()) {
            return new Unusable.Broken(
                    config > RepositoryConfig.LONGEST
                            ? "its config.json is longer than 4 MiB"
                            : "its config.json is not a JSON object");
        }
        if (config == null && contents.has("config.json")) {
            return incomplete(List.of("config.json"));
        }
        List<String> lacking = ModelFamily.lacking(contents);
        if (!lacking.isEmpty()) {
            return incomplete(lacking);
        }
        return origin == Origin.CACHE && scan.files().isEmpty()
                ? new Unusable.Unfinished(List.copyOf(scan.dangling()))
                : new Unusable.Unsupported(OtherForms.of(contents).orElse(""));
    }

    private InstalledModel model(
            ModelId each, ModelFamily family, Set<String> wanted, FrontMatter head) {
        SortedMap<String, Long> files = new TreeMap<>();
        scan.files()
                .forEach((file, size) -> {
                    if (wanted.contains(file) || file.equals("README.md")) {
                        files.put(file, size);
                    }
                });
        SpeechVoices speech = VoiceCatalog.local(each, family, folder, List.copyOf(files.keySet()));
        ModelCard card =
                new ModelCard(
                        each,
                        family,
                        ModelCard.languagesFor(
                                family.task(),
                                VoiceCatalog.languages(
                                        each,
                                        family,
                                        ModelCard.readable(head.list("language")),
                                        speech)),
                        scan.newest().toInstant(),
                        cardTags(head),
                        0,
                        0,
                        false,
                        speech);
        return new InstalledModel(each, family, folder, origin, revision, card, files);
    }

    /** With the licence, as the Hub gives it. */
    private static List<String> cardTags(FrontMatter head) {
        List<String> tags = new ArrayList<>(head.list("tags"));
        head.list("license").forEach(licence -> tags.add(ModelCard.LICENCE + licence));
        return tags;
    }

    private static Set<String> tags(FrontMatter head) {
        Set<String> tags = new TreeSet<>();
        for (String key : List.of("tags", "library_name", "library", "pipeline_tag")) {
            head.list(key).forEach(tag -> tags.add(tag.toLowerCase(Locale.ROOT)));
        }
        return tags;
    }

    /** The head of the shallowest README.md. */
    private FrontMatter head() {
        return scan.files().keySet().stream()
                .filter(file -> file.equals("README.md") || file.endsWith("/README.md"))
                .min(Comparator.comparing(file -> file.chars().filter(c -> c == '/').count()))
                .filter(file -> scan.files().getOrDefault(file, 0L) <= LONGEST_CARD)
                .map(file -> start(file, LONGEST_CARD))
                // malformed bytes become replacement characters
                .map(bytes -> FrontMatter.of(new String(bytes, StandardCharsets.UTF_8)))
                .orElse(FrontMatter.EMPTY);
    }

    private static String quoted(List<String> files) {
        return files.stream()
                .limit(5)
                .collect(Collectors.joining("', '", "'", files.size() > 5 ? "' …" : "'"));
    }
}
