package dev.parlo.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A small file of a model: its configuration, its vocabulary. No number in it is used before it was
 * found to be within a range, and no more of it is read than such a file can have. Failures are of
 * category BAD_MODEL and name the file without its folder, since clients see them.
 *
 * @param path where it lies
 * @param maxBytes the most that is read
 */
public record ModelFile(Path path, int maxBytes) {
    private static final int SHOWN = 60;

    /** {@return the file's name, without its folder} */
    public String name() {
        Path name = path.getFileName();
        return name == null ? path.toString() : name.toString();
    }

    /**
     * {@return all of it}
     *
     * @throws EngineException of category BAD_MODEL when it is larger than accepted or unreadable
     */
    public byte[] bytes() {
        try (var in = Files.newInputStream(path)) {
            // a pipe or a device would never end
            if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
                throw bad("is not a file", null);
            }
            byte[] bytes = in.readNBytes(maxBytes);
            if (in.read() >= 0) {
                throw bad("is larger than the " + maxBytes + " bytes that are accepted", null);
            }
            return bytes;
        } catch (IOException failure) {
            // the message of the system may name folders
            throw bad("cannot be read (" + failure.getClass().getSimpleName() + ")", failure);
        }
    }

    /**
     * {@return its text, which is UTF-8}
     *
     * @throws EngineException of category BAD_MODEL when it is something else
     */
    public String text() {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes())).toString();
        } catch (CharacterCodingException failure) {
            throw bad("is not UTF-8", failure);
        }
    }

    /**
     * {@return its content as JSON}
     *
     * @throws EngineException of category BAD_MODEL when it is something else
     */
    public JsonNode json() {
        try {
            JsonNode root = JsonMapper.shared().readTree(bytes());
            if (root == null || root.isMissingNode()) {
                throw bad("is empty", null);
            }
            return root;
        } catch (JacksonException failure) {
            TokenStreamLocation at = failure.getLocation();
            String where =
                    at == null
                            ? ""
                            : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
            throw bad("is not valid JSON" + where, failure);
        }
    }

    /**
     * {@return a whole number}
     *
     * @param node of the file
     * @param what how the message names it, such as {@code num_speakers}
     * @param least that is accepted
     * @param most that is accepted
     * @throws EngineException of category BAD_MODEL when it is something else
     */
    public int integer(JsonNode node, String what, int least, int most) {
        boolean whole = node.isIntegralNumber() && node.canConvertToInt();
        if (!whole || node.intValue() < least || node.intValue() > most) {
            throw outside(node, what, least + " to " + most);
        }
        return node.intValue();
    }

    /**
     * {@return a whole number of a field that may be absent}
     *
     * @param node of the file
     * @param what how the message names it
     * @param absent what an absent field means
     * @param least that is accepted
     * @param most that is accepted
     * @throws EngineException of category BAD_MODEL when it is something else
     */
    public int integer(JsonNode node, String what, int absent, int least, int most) {
        return node.isMissingNode() || node.isNull() ? absent : integer(node, what, least, most);
    }

    /**
     * {@return a list of whole numbers; none for a field that is absent}
     *
     * @param node of the file
     * @param what how the message names it
     * @param longest how many there may be
     * @param least of each number
     * @param most of each number
     * @throws EngineException of category BAD_MODEL when it is something else
     */
    public List<Integer> integers(JsonNode node, String what, int longest, int least, int most) {
        if (node.isMissingNode() || node.isNull()) {
            return List.of();
        }
        if (!node.isArray() || node.size() > longest) {
            throw outside(node, what, "a list of at most " + longest + " numbers");
        }
        List<Integer> values = new ArrayList<>(node.size());
        for (JsonNode item : node) {
            values.add(integer(item, what, least, most));
        }
        return values;
    }

    /**
     * {@return a finite number of a field that may be absent}
     *
     * @param node of the file
     * @param what how the message names it
     * @param absent what an absent field means
     * @param least that is accepted
     * @param most that is accepted
     * @throws EngineException of category BAD_MODEL when it is something else
     */
    public double number(JsonNode node, String what, double absent, double least, double most) {
        if (node.isMissingNode() || node.isNull()) {
            return absent;
        }
        double value = node.isNumber() ? node.asDouble(Double.NaN) : Double.NaN;
        if (!(value >= least && value <= most)) {
            throw outside(node, what, least + " to " + most);
        }
        return value;
    }

    /**
     * {@return the exception for a value that cannot be used, of category BAD_MODEL}
     *
     * @param node the value, of which the message shows the first 60 characters
     * @param what how the message names it
     * @param accepted what it could be
     */
    public EngineException outside(JsonNode node, String what, String accepted) {
        String given = node.toString();
        return bad(
                "cannot be used: its "
                        + what
                        + " is "
                        + (given.length() > SHOWN ? given.substring(0, SHOWN) + "…" : given)
                        + "; accepted: "
                        + accepted,
                null);
    }

    /**
     * {@return the exception for a file that cannot be used, of category BAD_MODEL}
     *
     * @param problem stands behind its name in the message
     * @param cause for logs; null where there is none
     */
    public EngineException bad(String problem, @Nullable Exception cause) {
        String message = "The model's file " + name() + " " + problem + ".";
        return cause == null
                ? new EngineException(EngineException.Category.BAD_MODEL, message)
                : new EngineException(EngineException.Category.BAD_MODEL, message, cause);
    }
}
