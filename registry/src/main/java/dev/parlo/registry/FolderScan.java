package dev.parlo.registry;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files of one model folder: sizes and newest time, links resolved. A link that leads out of
 * the root ends the scan with an exception, so that nothing outside is ever served as a model; a
 * link that leads nowhere is a file not yet downloaded and is left out.
 *
 * @param files bytes by path, with {@code /}
 * @param newest the newest file's time
 * @param folders the modification time of every folder seen, by which a change is noticed
 */
record FolderScan(SortedMap<String, Long> files, FileTime newest, Map<Path, FileTime> folders) {
    private static final int DEEPEST = 6;
    private static final int MOST_FILES = 20_000;

    /** Scans a folder whose files must all lie under {@code realRoot}, itself without links. */
    static FolderScan of(Path folder, Path realRoot) throws IOException {
        SortedMap<String, Long> files = new TreeMap<>();
        Map<Path, FileTime> folders = new HashMap<>();
        FileTime[] newest = {FileTime.fromMillis(0)};
        Files.walkFileTree(
                folder,
                EnumSet.noneOf(java.nio.file.FileVisitOption.class),
                DEEPEST,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path directory, BasicFileAttributes attributes) {
                        boolean hidden =
                                !directory.equals(folder)
                                        && directory.getFileName().toString().startsWith(".");
                        folders.put(directory, attributes.lastModifiedTime());
                        return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        BasicFileAttributes real = attributes;
                        if (attributes.isSymbolicLink()) {
                            if (!Files.exists(file)) {
                                return FileVisitResult.CONTINUE;
                            }
                            Path target = file.toRealPath();
                            if (!target.startsWith(realRoot)) {
                                throw new IOException(file + " leads out of " + realRoot);
                            }
                            real = Files.readAttributes(target, BasicFileAttributes.class);
                        }
                        if (!real.isRegularFile()) {
                            return FileVisitResult.CONTINUE;
                        }
                        if (files.size() == MOST_FILES) {
                            throw new IOException(folder + " holds too many files");
                        }
                        files.put(
                                folder.relativize(file).toString().replace('\\', '/'), real.size());
                        if (real.lastModifiedTime().compareTo(newest[0]) > 0) {
                            newest[0] = real.lastModifiedTime();
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return new FolderScan(files, newest[0], folders);
    }
}
