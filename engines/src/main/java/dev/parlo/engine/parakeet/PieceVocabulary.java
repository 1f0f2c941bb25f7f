package dev.parlo.engine.parakeet;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.ModelFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The pieces of {@code vocab.txt}: a line is a piece, a space and its id. {@code ▁} begins a word,
 * and {@code <blk>}, the last one, stands for "nothing here". Immutable.
 */
final class PieceVocabulary {
    private static final int LARGEST_FILE = 16 << 20;
    private static final int MOST = 1 << 18;
    private static final int LONGEST_PIECE = 512;
    private static final String BLANK = "<blk>";

    private final String[] pieces;
    private final int blank;

    private PieceVocabulary(String[] pieces, int blank) {
        this.pieces = pieces;
        this.blank = blank;
    }

    /**
     * @throws EngineException BAD_MODEL for a file that is missing, too large, or has other lines
     */
    static PieceVocabulary read(Path file) {
        return of(new ModelFile(file, LARGEST_FILE).text().lines().toList());
    }

    static PieceVocabulary of(List<String> lines) {
        if (lines.size() > MOST) {
            throw broken("has " + lines.size() + " lines; at most " + MOST + " are read");
        }
        String[] pieces = new String[lines.size()];
        int blank = -1;
        int count = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isEmpty()) {
                continue;
            }
            int space = line.lastIndexOf(' '); // a piece may hold spaces itself
            String number = line.substring(space + 1);
            int id = number.matches("\\d{1,6}") ? Integer.parseInt(number) : -1;
            if (space < 0 || space > LONGEST_PIECE || id < 0 || id >= pieces.length) {
                throw broken(
                        "line "
                                + (i + 1)
                                + " is not a piece, a space and an id below the number of lines");
            }
            if (pieces[id] != null) {
                throw broken("line " + (i + 1) + " gives the id " + id + " a second time");
            }
            pieces[id] = line.substring(0, space);
            count++;
            if (pieces[id].equals(BLANK)) {
                blank = id;
            }
        }
        // the network's numbers are told apart by their place: pieces, then durations
        if (blank < 1 || blank != count - 1) {
            throw broken("has no " + BLANK + " as its last id");
        }
        for (int id = 0; id < count; id++) {
            if (pieces[id] == null) {
                throw broken("has no piece of the id " + id);
            }
        }
        return new PieceVocabulary(Arrays.copyOf(pieces, count), blank);
    }

    private static EngineException broken(String problem) {
        return new EngineException(Category.BAD_MODEL, "The model's vocab.txt " + problem + ".");
    }

    /** How many there are, the blank included. */
    int size() {
        return pieces.length;
    }

    int blank() {
        return blank;
    }

    /** A piece as text, with a space where a word begins. */
    String text(int id) {
        return pieces[id].replace('\u2581', ' ');
    }

    /** Whether it steers the model and is never read by anybody, such as {@code <|en|>}. */
    boolean isControl(int id) {
        return pieces[id].startsWith("<") && pieces[id].endsWith(">") && pieces[id].length() > 2;
    }
}
