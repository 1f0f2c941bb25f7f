package dev.parlo.engine.onnx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the data of a tensor lie that are not in the model's own file: TensorProto.external_data.
 * Every number is checked before it is used.
 *
 * @param tensor its name
 * @param location a path below the model's folder
 * @param offset in bytes
 * @param length in bytes, -1 where it is not told
 */
public record ExternalPlace(String tensor, String location, long offset, long length) {
    private static final String NUMBER = "[0-9]{1,18}";

    /**
     * Reads the entries.
     *
     * @return null where the data lie in the model's file
     * @throws IllegalArgumentException when a number is none
     */
    static @Nullable ExternalPlace of(String tensor, Map<String, String> entries) {
        String location = entries.get("location");
        return location == null
                ? null
                : new ExternalPlace(
                        tensor,
                        location,
                        number(tensor, entries, "offset", 0),
                        number(tensor, entries, "length", -1));
    }

    private static long number(
            String tensor, Map<String, String> entries, String key, long otherwise) {
        String text = entries.get(key);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches(NUMBER)) {
            throw new IllegalArgumentException(
                    "its tensor '" + tensor + "' has no number as its " + key);
        }
        return Long.parseLong(text);
    }

    /**
     * The file. The path is taken as written: in a Hugging Face cache every file is a link that
     * leads out of the folder.
     *
     * @param folder of the model
     * @throws IllegalArgumentException when it lies outside of the folder, or is missing
     */
    Path file(Path folder) {
        Path root = folder.toAbsolutePath().normalize();
        Path file = root.resolve(location).normalize();
        if (!file.startsWith(root) || file.equals(root)) {
            throw new IllegalArgumentException(
                    "its tensor '"
                            + tensor
                            + "' names data outside of the model's folder: "
                            + location);
        }
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("its weights '" + location + "' are missing");
        }
        return file;
    }

    /**
     * Whether a file of so many bytes holds what the tensor needs.
     *
     * @throws IllegalArgumentException when it does not
     */
    void check(long needed, long fileBytes) {
        if (length >= 0 && length < needed || offset > fileBytes - needed) {
            throw new IllegalArgumentException(
                    "its tensor '" + tensor + "' reaches beyond the end of " + location);
        }
    }
}
