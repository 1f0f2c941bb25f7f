package dev.parlo.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.jspecify.annotations.Nullable;

/** Finds the recordings that addresses stand for. Only names are read, on the driver. */
record RecordingList(Configuration configuration) {
    /**
     * Each once, in order.
     *
     * @param addresses of files, of folders (all files below them), patterns such as {@code
     *     hdfs:///calls/2026-*}, and of the web; what is not there is a recording too, which cannot
     *     be read
     */
    Collection<Recording> of(List<String> addresses) throws IOException {
        Map<String, Recording> found = new LinkedHashMap<>();
        for (String address : addresses) {
            for (Recording recording : recordings(address.strip())) {
                found.putIfAbsent(recording.address(), recording);
            }
        }
        return found.values();
    }

    private List<Recording> recordings(String address) throws IOException {
        if (Recording.isWeb(address)) {
            return List.of(Recording.named(address));
        }
        FileStatus[] matching;
        FileSystem files;
        try {
            Path path = new Path(address);
            files = path.getFileSystem(configuration);
            FileStatus exact = exact(files, path);
            matching = exact == null ? files.globStatus(path) : new FileStatus[] {exact};
        } catch (IllegalArgumentException | UnsupportedFileSystemException noAddress) {
            return List.of(Recording.named(address));
        }
        if (matching == null || matching.length == 0) {
            return List.of(Recording.named(address));
        }
        List<Recording> found = new ArrayList<>();
        for (FileStatus one : matching) {
            add(one, files, found);
        }
        return found;
    }

    /** A name may hold characters that are a pattern's. */
    private static @Nullable FileStatus exact(FileSystem files, Path path) throws IOException {
        try {
            return files.getFileStatus(path);
        } catch (FileNotFoundException none) {
            return null;
        }
    }

    private static void add(FileStatus one, FileSystem files, List<Recording> found)
            throws IOException {
        if (one.isFile()) {
            found.add(recording(one));
            return;
        }
        var below = files.listFiles(one.getPath(), true);
        while (below.hasNext()) {
            FileStatus file = below.next();
            String name = file.getPath().getName();
            // as Spark itself: hidden files, and those of unfinished writes
            if (!name.startsWith(".") && !name.startsWith("_")) {
                found.add(recording(file));
            }
        }
    }

    private static Recording recording(FileStatus file) {
        return Recording.file(
                file.getPath().toString(), file.getLen(), file.getModificationTime());
    }
}
