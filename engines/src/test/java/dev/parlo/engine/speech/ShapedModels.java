package dev.parlo.engine.speech;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Kokoro's and Piper's real graphs with generated weights: the operators, sizes and cost of the
 * published models; only what they say is noise. The graphs come from a folder beside the checkout,
 * the weights are computed and written once.
 *
 * @param source the folder that holds {@code kokoro-shaped}, {@code piper-shaped} and {@code
 *     kokoro-voices}
 */
public record ShapedModels(Path source) {
    private static final int PERIOD = 4093;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The models beside the checkout, when they are there. */
    public static Optional<ShapedModels> find() {
        return Stream.of("../../shared/models", "../shared/models")
                .map(Path::of)
                .filter(folder -> Files.isRegularFile(folder.resolve("kokoro-shaped/weights.json")))
                .findFirst()
                .map(ShapedModels::new);
    }

    /** Writes a Kokoro model unless it is there: model.onnx, its weights, voices/*.pt. */
    public Path kokoro(Path folder) throws IOException {
        Path graph = source.resolve("kokoro-shaped/kokoro-shaped.onnx");
        weights(source.resolve("kokoro-shaped/weights.json"), folder);
        copy(graph, folder.resolve("model.onnx"));
        try (Stream<Path> voices = Files.list(source.resolve("kokoro-voices"))) {
            for (Path voice : voices.filter(file -> file.toString().endsWith(".pt")).toList()) {
                copy(voice, folder.resolve("voices").resolve(voice.getFileName().toString()));
            }
        }
        return folder;
    }

    /** Writes a Piper voice unless it is there: NAME.onnx, its weights, NAME.onnx.json. */
    public Path piper(Path folder, int speakers) throws IOException {
        String name = speakers == 1 ? "piper-shaped" : "piper-shaped-" + speakers + "-speakers";
        Path from = source.resolve("piper-shaped");
        weights(from.resolve(name + ".weights.json"), folder);
        copy(from.resolve(name + ".onnx"), folder.resolve(name + ".onnx"));
        Files.writeString(folder.resolve(name + ".onnx.json"), piperConfig(speakers));
        return folder;
    }

    /**
     * Lays a model out as the Hub's cache does, every file a link into {@code blobs}.
     *
     * @return the snapshot
     */
    public static Path inHubCache(Path model, Path repository) throws IOException {
        Path blobs = Files.createDirectories(repository.resolve("blobs"));
        Path snapshot = repository.resolve("snapshots/0123456789abcdef0123456789abcdef01234567");
        List<Path> files;
        try (Stream<Path> all = Files.walk(model)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Path blob = blobs.resolve("b" + files.indexOf(file));
            Path link = snapshot.resolve(model.relativize(file).toString());
            Path place = Objects.requireNonNull(link.getParent());
            Files.createDirectories(place);
            Files.deleteIfExists(blob);
            Files.createLink(blob, file);
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, place.relativize(blob));
        }
        return snapshot;
    }

    private static void copy(Path from, Path to) throws IOException {
        if (!Files.exists(to) || Files.size(to) != Files.size(from)) {
            Files.createDirectories(Objects.requireNonNull(to.getParent()));
            // the copy is to be writable, whatever the original is
            Files.write(to, Files.readAllBytes(from));
        }
    }

    /** {@code weight[i] = scale * base[(i + start) mod 4093]}, at each tensor's offset. */
    private static void weights(Path description, Path folder) throws IOException {
        JsonNode root = JSON.readTree(Files.readAllBytes(description));
        Path file = folder.resolve(root.get("file").asString());
        long bytes = root.get("bytes").asLong();
        if (Files.exists(file) && Files.size(file) == bytes) {
            return;
        }
        Files.createDirectories(folder);
        Path part = folder.resolve(file.getFileName() + ".part");
        float[] base = base();
        try (FileChannel channel =
                FileChannel.open(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            for (JsonNode tensor : root.get("tensors")) {
                float scale = (float) tensor.get("scale").asDouble();
                int start = tensor.get("start").asInt();
                ByteBuffer values =
                        ByteBuffer.allocate(tensor.get("bytes").asInt())
                                .order(ByteOrder.LITTLE_ENDIAN);
                int at = Math.floorMod(start, PERIOD);
                while (values.hasRemaining()) {
                    values.putFloat(scale * base[at]);
                    at = at + 1 == PERIOD ? 0 : at + 1;
                }
                long offset = tensor.get("offset").asLong();
                values.flip();
                while (values.hasRemaining()) {
                    offset += channel.write(values, offset);
                }
            }
            if (channel.size() < bytes) {
                channel.write(ByteBuffer.wrap(new byte[1]), bytes - 1);
            }
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Even noise of variance 1. */
    static float[] base() {
        float[] base = new float[PERIOD];
        for (int j = 0; j < PERIOD; j++) {
            long bits = mix(j * 0x9E3779B97F4A7C15L) >>> 40;
            base[j] = (float) ((2.0 * bits / (1 << 24) - 1) * Math.sqrt(3));
        }
        return base;
    }

    private static long mix(long x) {
        x += 0x9E3779B97F4A7C15L;
        x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
        x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
        return x ^ (x >>> 31);
    }

    private static String piperConfig(int speakers) {
        StringBuilder ids = new StringBuilder("\"_\":[0],\"^\":[1],\"$\":[2]");
        int id = 3;
        String letters =
                " !'(),-.:;?abcdefghijklmnopqrstuvwxyzæçðøħŋœɐɑɒɓɔɕɖɗɘəɚɛɜɞɟɠɡɢɣɤɥɦɧɨɪɫɬɭɮɯɰɱɲɳɴɵɶɸɹɺɻɽɾ"
                        + "ʀʁʂʃʄʈʉʊʋʌʍʎʏʐʑʒʔʕʘʙʛʜʝʟʡʢʲˈˌːˑ˞βθχᵻⱱ";
        for (int letter : letters.codePoints().toArray()) {
            ids.append(",\"").appendCodePoint(letter).append("\":[").append(id++).append(']');
        }
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < speakers && speakers > 1; i++) {
            names.append(i == 0 ? "" : ",").append("\"speaker").append(i).append("\":").append(i);
        }
        return "{\"audio\":{\"sample_rate\":22050,\"quality\":\"medium\"},\"espeak\":{\"voice\":\"en-us\"},"
                + "\"inference\":{\"noise_scale\":0.667,\"length_scale\":1,\"noise_w\":0.8},"
                + "\"phoneme_type\":\"espeak\",\"phoneme_map\":{},\"num_speakers\":"
                + speakers
                + ",\"speaker_id_map\":{"
                + names
                + "},\"phoneme_id_map\":{"
                + ids
                + "}}";
    }
}
