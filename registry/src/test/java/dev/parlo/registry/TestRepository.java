package dev.parlo.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A repository of the test Hub: a folder {@code owner/name}. An optional {@code .hub.json} in it
 * says {@code private}, {@code gated} (true, or "denied" for a token without access), {@code
 * disabled}, {@code movedTo}, and {@code raw}: fields that replace those of the model's JSON, to
 * serve odd cards.
 */
public final class TestRepository {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long LARGE = 1 << 20;
    private static final Set<String> LARGE_KINDS =
            Set.of("bin", "onnx", "pt", "npz", "data", "onnx_data", "safetensors");

    /** A file with the name of its blob: sha256 when it is large, git's blob sha1 when not. */
    public record StoredFile(String path, Path file, long size, boolean large, String etag) {}

    private final String id;
    private final JsonNode options;
    private final FrontMatter card;
    private final Map<String, StoredFile> files = new TreeMap<>();
    private final String commit;

    public TestRepository(String id, Path folder) throws IOException {
        this(id, folder, new ConcurrentHashMap<>());
    }

    /**
     * @param hashed files hashed before, by path, size and time: large ones are not hashed for
     *     every request
     */
    public TestRepository(String id, Path folder, Map<String, StoredFile> hashed)
            throws IOException {
        this.id = id;
        Path optionsFile = folder.resolve(".hub.json");
        options =
                Files.exists(optionsFile)
                        ? JSON.readTree(Files.readAllBytes(optionsFile))
                        : JSON.createObjectNode();
        MessageDigest all = digest("SHA-1");
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path file : tree.filter(Files::isRegularFile).sorted().toList()) {
                String path = folder.relativize(file).toString().replace('\\', '/');
                if (!path.startsWith(".hub")) {
                    StoredFile stored =
                            hashed.computeIfAbsent(
                                    file
                                            + " "
                                            + Files.size(file)
                                            + " "
                                            + Files.getLastModifiedTime(file),
                                    key -> stored(path, file));
                    files.put(path, stored);
                    all.update((path + stored.etag()).getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        commit = HexFormat.of().formatHex(all.digest());
        StoredFile readme = files.get("README.md");
        card = readme == null ? FrontMatter.EMPTY : FrontMatter.of(Files.readString(readme.file()));
    }

    String id() {
        return id;
    }

    String commit() {
        return commit;
    }

    public Map<String, StoredFile> files() {
        return files;
    }

    boolean isPrivate() {
        return options.path("private").asBoolean(false);
    }

    boolean isGated() {
        return options.has("gated");
    }

    boolean isDisabled() {
        return options.path("disabled").asBoolean(false);
    }

    boolean isDenied() {
        return options.path("gated").asString("").equals("denied");
    }

    String movedTo() {
        return options.path("movedTo").asString("");
    }

    Set<String> tags() {
        Set<String> tags = new LinkedHashSet<>();
        for (String key : List.of("pipeline_tag", "library_name", "tags", "language")) {
            tags.addAll(card.list(key));
        }
        card.list("license").forEach(licence -> tags.add("license:" + licence));
        return tags;
    }

    /**
     * The entry of a list: private, but not gated, unless {@code expand} names the fields, which
     * are all there is then.
     */
    ObjectNode entry(List<String> expand) {
        ObjectNode json = json();
        if (expand.isEmpty()) {
            json.remove("gated");
        } else {
            json.retain(Stream.concat(Stream.of("id"), expand.stream()).toList());
        }
        replaceRaw(json);
        return json;
    }

    /**
     * The model's own JSON.
     *
     * @param blobs whether with sizes and hashes
     * @param lie bytes by which a file's size is wrong
     */
    ObjectNode whole(boolean blobs, ToLongFunction<String> lie) {
        ObjectNode json = json();
        json.put("sha", commit);
        ArrayNode siblings = json.putArray("siblings");
        for (StoredFile file : files.values()) {
            ObjectNode sibling = siblings.addObject().put("rfilename", file.path());
            if (!blobs) {
                continue;
            }
            long size = file.size() + lie.applyAsLong(file.path());
            sibling.put("size", size);
            if (file.large()) {
                sibling.put("blobId", file.etag().substring(0, 40));
                sibling.putObject("lfs")
                        .put("sha256", file.etag())
                        .put("size", size)
                        .put("pointerSize", 132);
            } else {
                sibling.put("blobId", file.etag());
            }
        }
        replaceRaw(json);
        return json;
    }

    private void replaceRaw(ObjectNode json) {
        options.path("raw").properties().forEach(each -> json.set(each.getKey(), each.getValue()));
    }

    private ObjectNode json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", id);
        json.put("modelId", id);
        json.put("private", isPrivate());
        json.put("gated", isGated());
        json.put("createdAt", "2024-01-02T03:04:05.000Z");
        json.put("downloads", files.size());
        json.put("likes", 1);
        ArrayNode tags = json.putArray("tags");
        tags().forEach(tags::add);
        String task = card.first("pipeline_tag");
        if (task != null) {
            json.put("pipeline_tag", task);
        }
        ObjectNode data = json.putObject("cardData");
        card.values()
                .forEach((key, words) -> {
                    if (words.size() == 1) {
                        data.put(key, words.getFirst());
                    } else {
                        ArrayNode list = data.putArray(key);
                        words.forEach(list::add);
                    }
                });
        return json;
    }

    /** The files with their sizes and hashes, as {@code /tree} lists them. */
    ArrayNode tree() {
        ArrayNode tree = JSON.createArrayNode();
        for (StoredFile file : files.values()) {
            ObjectNode entry = tree.addObject();
            entry.put("type", "file");
            entry.put("oid", file.large() ? file.etag().substring(0, 40) : file.etag());
            entry.put("size", file.size());
            entry.put("path", file.path());
            if (file.large()) {
                entry.putObject("lfs")
                        .put("oid", file.etag())
                        .put("size", file.size())
                        .put("pointerSize", 132);
            }
        }
        return tree;
    }

    private static StoredFile stored(String path, Path file) {
        try {
            long size = Files.size(file);
            String kind = path.substring(path.lastIndexOf('.') + 1);
            boolean large = size > LARGE || LARGE_KINDS.contains(kind);
            MessageDigest digest = digest(large ? "SHA-256" : "SHA-1");
            if (!large) {
                digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
            }
            try (InputStream bytes = Files.newInputStream(file)) {
                byte[] buffer = new byte[1 << 16];
                for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
                    digest.update(buffer, 0, read);
                }
            }
            return new StoredFile(
                    path, file, size, large, HexFormat.of().formatHex(digest.digest()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static MessageDigest digest(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }
}
