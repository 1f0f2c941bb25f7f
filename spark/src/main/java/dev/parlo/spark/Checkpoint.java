package dev.parlo.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder in which finished work is kept, so that a job that is started again does only what is
 * missing. A file in it appears whole or not at all, and is not changed. Whether the same work was
 * done twice does not matter: readers take one result for each key.
 */
final class Checkpoint implements Serializable {
    @Serial private static final long serialVersionUID = 1;

    static final String SURVEYS = "surveys";
    static final String PIECES = "pieces";
    private static final String FETCHED = "fetched";
    private static final String UNFINISHED = "unfinished";
    private static final String MARKS = "marks";
    private static final String OPTIONS = "options.json";

    private final String folder;
    private final SerializableConfiguration configuration;

    Checkpoint(String folder, Configuration configuration) {
        this.folder = folder;
        this.configuration = new SerializableConfiguration(configuration);
    }

    Configuration configuration() {
        return configuration.value();
    }

    private FileSystem files() throws IOException {
        return new Path(folder).getFileSystem(configuration());
    }

    String path(String name) {
        return folder + "/" + name;
    }

    /** Makes the folders, and sees that what is in them was made in the same way. */
    void begin(ArchiveOptions options) throws IOException {
        FileSystem files = files();
        for (String name : List.of(SURVEYS, PIECES, FETCHED, UNFINISHED, MARKS)) {
            files.mkdirs(new Path(path(name)));
        }
        String now = JsonMapper.shared().writeValueAsString(ResultOptions.of(options));
        try (var in = files.open(new Path(path(OPTIONS)))) {
            String then = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (!then.equals(now)) {
                throw new ArchiveException(
                        "The output was begun with other options: "
                                + then
                                + ", now "
                                + now
                                + ". Give the same ones to go on, or another output.");
            }
        } catch (FileNotFoundException first) {
            write(OPTIONS, List.of(now), "");
        }
    }

    /** Those of the options that a result depends on. */
    private record ResultOptions(
            String model,
            String language,
            boolean translate,
            boolean words,
            int beamSize,
            String batchSize,
            String prompt,
            boolean speechOnly,
            String longestPiece,
            String speakers) {
        static ResultOptions of(ArchiveOptions options) {
            return new ResultOptions(
                    options.model(),
                    String.valueOf(options.language()),
                    options.translate(),
                    options.words(),
                    options.beamSize(),
                    String.valueOf(options.batchSize()),
                    String.valueOf(options.prompt()),
                    options.speechOnly(),
                    options.longestPiece().toString(),
                    String.valueOf(options.speakers()));
        }
    }

    /** Keeps the results of a task, all of them or none. */
    void keep(String kind, List<?> results) throws IOException {
        if (!results.isEmpty()) {
            JsonMapper json = JsonMapper.shared();
            write(
                    kind + "/" + UUID.randomUUID() + ".json",
                    results.stream().map(json::writeValueAsString).toList(),
                    "\n");
        }
    }

    private void write(String name, List<String> lines, String end) throws IOException {
        place(
                name,
                out -> {
                    for (String line : lines) {
                        out.write((line + end).getBytes(StandardCharsets.UTF_8));
                    }
                });
    }

    /** Writes something. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private String place(String name, Content content) throws IOException {
        FileSystem files = files();
        Path part = new Path(path(UNFINISHED + "/" + UUID.randomUUID()));
        Path target = new Path(path(name));
        try {
            try (OutputStream out = files.create(part, false)) {
                content.writeTo(out);
            }
            if (!files.rename(part, target) && !files.exists(target)) {
                throw new IOException("The checkpoint's file " + target + " could not be made.");
            }
        } finally {
            files.delete(part, false);
        }
        return target.toString();
    }

    /** Keeps a recording that was fetched, for the tasks that transcribe it. */
    String keepFetched(Recording recording, Content content) throws IOException {
        return place(FETCHED + "/" + recording.key(), content);
    }

    /** Puts a folder in the place of another. */
    void replace(String from, String to) throws IOException {
        FileSystem files = files();
        files.delete(new Path(to), true);
        if (!files.rename(new Path(from), new Path(to))) {
            throw new IOException("The table " + to + " could not be put in its place.");
        }
    }

    /**
     * Removes what only an unfinished job needs.
     *
     * @param failed keys of recordings that are still needed if their pieces are tried again
     */
    void end(Set<String> failed) throws IOException {
        FileSystem files = files();
        for (FileStatus fetched : files.listStatus(new Path(path(FETCHED)))) {
            if (!failed.contains(fetched.getPath().getName())) {
                files.delete(fetched.getPath(), false);
            }
        }
        for (String name : List.of(UNFINISHED, MARKS)) {
            files.delete(new Path(path(name)), true);
        }
    }

    /**
     * Says that a task begins with something that may end the process.
     *
     * @return the mark, to be taken away by {@link #unmark}
     */
    String mark(String key) throws IOException {
        Path mark = new Path(path(MARKS + "/" + key + "/" + UUID.randomUUID()));
        files().create(mark, false).close();
        return mark.toString();
    }

    void unmark(String mark) throws IOException {
        files().delete(new Path(mark), false);
    }

    /** How many tasks began with it and neither ended nor failed: their processes did. */
    int marks(String key) throws IOException {
        try {
            return files().listStatus(new Path(path(MARKS + "/" + key))).length;
        } catch (FileNotFoundException none) {
            return 0;
        }
    }
}
